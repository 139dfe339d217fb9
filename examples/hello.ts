/**
 * The smallest server: one handler, one answer.
 * Go: http.ListenAndServe
 *
 * Try: curl http://127.0.0.1:8080/
 */
import { listenAndServe } from "barewire";

const address = process.argv[2] ?? "127.0.0.1:8080";

const server = await listenAndServe(address, (w, r) => {
  w.header.set("Content-Type", "text/plain; charset=utf-8");
  // Nothing to wait for: a short text is kept until the handler returns, and gets a Content-Length.
  void w.write(`Hello from ${r.path}\n`);
});
console.log(`listening on ${server.url}`);
