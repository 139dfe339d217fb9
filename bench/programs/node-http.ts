/**
 * The neighbour: the same answers from node:http at its default settings.
 *
 * Rule of this file: what a Node programmer would write. The idle timeout alone is raised to ours,
 * so that connections of the memory question live as long.
 */
import * as http from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import { BODY, CONTENT_TYPE, portOf, ready } from "./rim.ts";

const answer = (response: http.ServerResponse): void => {
  response.setHeader("Content-Type", CONTENT_TYPE);
  response.end(BODY);
};
const handler: http.RequestListener =
  process.argv[2] === "async"
    ? async (_, response) => {
        await nextTurn();
        answer(response);
      }
    : (_, response) => answer(response);

const server = http.createServer({ keepAliveTimeout: 75_000 }, handler);
server.listen(0, "127.0.0.1", 4096, () => ready(portOf(server)));
