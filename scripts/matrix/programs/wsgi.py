"""The contract of the conformance tester as a WSGI application: what gunicorn gives to a program.

Rule of this file: the environment is told as it is; nothing is checked.
"""
import json

PAGE = b"The page that every contract asks for.\n"


def application(environ, start_response):
    method = environ["REQUEST_METHOD"]
    path = environ["PATH_INFO"]
    body = environ["wsgi.input"].read()
    if path == "/parse":
        text = json.dumps(parsed(environ, method, body)).encode("ascii")
        return answer(start_response, "200 OK", text)
    if path == "/echo" and method == "POST":
        return answer(start_response, "200 OK", body)
    if path != "/":
        return answer(start_response, "404 Not Found", b"")
    if method not in ("GET", "HEAD"):
        return answer(start_response, "405 Method Not Allowed", b"", [("Allow", "GET, HEAD")])
    return answer(start_response, "200 OK", PAGE)


def answer(start_response, status, content, fields=()):
    length = ("Content-Length", str(len(content)))
    start_response(status, [("Content-Type", "text/plain"), length, *fields])
    return [content]


def parsed(environ, method, body):
    fields = [
        [name[5:].replace("_", "-"), value]
        for name, value in environ.items()
        if name.startswith("HTTP_")
    ]
    return {
        "method": method,
        "target": environ["RAW_URI"],
        "version": environ["SERVER_PROTOCOL"].removeprefix("HTTP/"),
        "host": environ.get("HTTP_HOST"),
        "fields": fields,
        "body": body.decode("latin-1"),
    }
