/**
 * The neighbour on several cores: node:http under node:cluster.
 *
 * Rule of this file: what a Node programmer would write. Argument: how many.
 */
import cluster from "node:cluster";
import * as http from "node:http";
import { BODY, CONTENT_TYPE, ready } from "./rim.ts";

if (cluster.isPrimary) {
  const count = Number(process.argv[2] ?? "1");
  const forked = Array.from({ length: count }, () => cluster.fork());
  const pids = forked.map((worker, i) => [`pid-${i + 1}`, () => worker.process.pid ?? 0] as const);
  let listening = 0;
  cluster.on("listening", (_, { port }) => {
    if (++listening === count) ready(port, Object.fromEntries(pids));
  });
} else {
  const server = http.createServer({ keepAliveTimeout: 75_000 }, (_, response) => {
    response.setHeader("Content-Type", CONTENT_TYPE);
    response.end(BODY);
  });
  server.listen(0, "127.0.0.1", 4096);
}
