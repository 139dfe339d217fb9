/**
 * The words of HTTP that inputs are made of, whatever the target.
 * RFC 9110, RFC 9112
 *
 * Rule of this file: lists; a target takes one, or parts of several.
 */

/** Of heads and bodies. */
export const MESSAGE_WORDS: readonly string[] = [
  "\r\n",
  "\r\n\r\n",
  "\n",
  "\r",
  ": ",
  ":",
  " ",
  "\t",
  "\r\n ",
  "0\r\n\r\n",
  "5\r\nhello\r\n",
  "GET / HTTP/1.1\r\n",
  "POST / HTTP/1.1\r\n",
  "HEAD /",
  "OPTIONS * ",
  "CONNECT a:443 ",
  "HTTP/1.1",
  "HTTP/1.0",
  "HTTP/2.0",
  "HTTP/1.1 200 OK\r\n",
  "HTTP/1.1 204 No Content\r\n",
  "HTTP/1.1 100 Continue\r\n\r\n",
  "HTTP/1.1 304 Not Modified\r\n",
  "http://a.example/",
  "%20",
  "Host: a\r\n",
  "Content-Length: 0\r\n",
  "Content-Length: 5\r\n",
  "Content-Length: ",

  "Transfer-Encoding: chunked\r\n",
  "Transfer-Encoding: gzip, chunked\r\n",
  "chunked",
  "identity",
  "Connection: close\r\n",
  "Connection: keep-alive\r\n",
  "Connection: upgrade\r\n",
  "Upgrade: websocket\r\n",
  "Expect: 100-continue\r\n",
  "Trailer: X\r\n",
  "X: y\r\n",
  ", ",
];
