/**
 * Speaks HTTP over a Unix socket, as one does with Docker or systemd: `dial` says where to go.
 * Go: http.Transport.DialContext
 *
 * Try: node --import ./scripts/ts-hook.mjs examples/client-unix-socket.ts
 *      node --import ./scripts/ts-hook.mjs examples/client-unix-socket.ts /var/run/docker.sock \
 *      http://docker/version
 */
import { Client, Transport, listenAndServe } from "barewire";
import { dial } from "barewire/net";

const [path = "client-unix.sock", url = "http://local/hello"] = process.argv.slice(2);

// Somebody to talk to, when you name no socket of your own.
const server =
  process.argv[2] === undefined
    ? await listenAndServe({ path }, (w, r) => w.write(`${r.host} has ${r.path}`))
    : undefined;

// The host of the URL goes into the Host field, and nowhere else.
const transport = new Transport({
  dial: ({ signal, timeoutMs, trace }) => dial({ path, signal, timeoutMs, trace }),
});
const response = await new Client({ transport }).get(url);
console.log(response.status, await response.body.text());

transport.close();
await server?.shutdown();
