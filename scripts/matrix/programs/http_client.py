"""Python's http.client, and urllib3 on top of it, as clients under test.

Rule of this file: nothing is set but what a task needs; content goes out as it comes.

    python3 http_client.py http.client|urllib3 [--head] [--post TEXT] [--put TEXT] [--redirects] [--decompress] URL [URL2]
"""
import argparse
import http.client
import os
import sys
import urllib.parse


def main():
    task = arguments()
    ask = with_http_client if task.library == "http.client" else with_urllib3
    try:
        ask(task)
    except Exception as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(1)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("library")
    parser.add_argument("--head", action="store_true")
    parser.add_argument("--post")
    parser.add_argument("--put")
    parser.add_argument("--redirects", action="store_true")
    parser.add_argument("--decompress", action="store_true")
    parser.add_argument("urls", nargs="+")
    return parser.parse_args()


def method_of(task):
    if task.head:
        return "HEAD", None
    if task.post is not None:
        return "POST", task.post.encode("latin-1")
    if task.put is not None:
        return "PUT", task.put.encode("latin-1")
    return "GET", None


def with_http_client(task):
    method, content = method_of(task)
    connections = {}
    for url in task.urls:
        parts = urllib.parse.urlsplit(url)
        place = (parts.hostname, parts.port)
        if place not in connections:
            connections[place] = http.client.HTTPConnection(*place)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connections[place].request(method, target, body=content)
        response = connections[place].getresponse()
        while piece := response.read1(65536):
            os.write(1, piece)
        # What read1 does not tell: that octets are missing.
        response.read()
        if response.length not in (None, 0):
            raise http.client.IncompleteRead(b"", response.length)


def with_urllib3(task):
    import urllib3

    method, content = method_of(task)
    pool = urllib3.PoolManager(retries=None if task.redirects else False)
    headers = {"Accept-Encoding": "gzip, deflate"} if task.decompress else None
    for url in task.urls:
        response = pool.request(
            method,
            url,
            body=content,
            headers=headers,
            redirect=task.redirects,
            preload_content=False,
            enforce_content_length=True,
        )
        for piece in response.stream(65536, decode_content=task.decompress):
            os.write(1, piece)
        response.release_conn()


main()
