/**
 * The same server over TLS. The certificate beside this file is for localhost and for trying only:
 * its key is public.
 * Go: http.ListenAndServeTLS
 *
 * Try: curl --cacert examples/tls/localhost-cert.pem https://localhost:8443/
 */
import { readFile } from "node:fs/promises";
import { listenAndServeTLS } from "barewire";

const address = process.argv[2] ?? "127.0.0.1:8443";
const cert = await readFile("examples/tls/localhost-cert.pem", "utf8");
const key = await readFile("examples/tls/localhost-key.pem", "utf8");

const server = await listenAndServeTLS(address, { cert, key }, (w, r) => {
  w.header.set("Content-Type", "text/plain; charset=utf-8");
  void w.write(`Hello over ${r.tls?.version ?? "nothing"}\n`);
});
console.log(`listening on ${server.url}`);
