/**
 * What stands behind servers that only pass requests on: the page, and the echo of contract 1.
 *
 * Rule of this file: it takes whatever it gets, so that a refusal is that of the server in front.
 */
import { createServer } from "node:http";

const PAGE = "The page that every contract asks for.\n";
const LAX = { insecureHTTPParser: true, requireHostHeader: false };

const server = createServer(LAX, async (request, response) => {
  const pieces = [];
  try {
    for await (const piece of request) pieces.push(piece);
  } catch {
    return response.destroy(); // the server in front has given up
  }
  if (request.method === "GET" || request.method === "HEAD") {
    response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": PAGE.length });
    return response.end(PAGE);
  }
  if (request.method !== "POST") return response.writeHead(405, { Allow: "GET, HEAD, POST" }).end();
  const content = Buffer.concat(pieces);
  response.writeHead(200, { "Content-Length": content.length });
  return response.end(content);
});
server.listen(Number(process.argv[2]), "127.0.0.1");
