/**
 * Bun.serve and Deno.serve as servers under test: contract 2 of the conformance tester, as far as a handler of
 * Request and Response can tell.
 *
 * Rule of this file: no checks of its own. A Request has neither version nor trailers, so they are left out.
 */
/* global Bun, Deno */
const PAGE = "The page that every contract asks for.\n";

const port = Number(globalThis.Deno?.args[0] ?? globalThis.process.argv[2]);
const hostname = "127.0.0.1";
if (globalThis.Bun) Bun.serve({ hostname, port, fetch: answer });
else Deno.serve({ hostname, port, onListen: () => {} }, answer);

async function answer(request) {
  const { pathname, search, host } = new URL(request.url);
  const { method } = request;
  const body = new Uint8Array(await request.arrayBuffer());
  if (pathname === "/parse") {
    const target = pathname + search;
    const fields = [...request.headers];
    const text = [...body].map((octet) => String.fromCharCode(octet)).join("");
    return Response.json({ method, target, host, fields, body: text });
  }
  if (pathname === "/echo" && method === "POST") return new Response(body);
  if (pathname !== "/") return new Response("", { status: 404 });
  if (method === "GET" || method === "HEAD") return new Response(PAGE);
  return new Response("", { status: 405, headers: { Allow: "GET, HEAD" } });
}
