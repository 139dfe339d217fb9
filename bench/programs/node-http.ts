/**
 * The neighbour: the same answers from node:http at its default settings.
 *
 * Rule of this file: what a Node programmer would write. The idle timeout alone is raised to ours,
 * so that connections of the memory question live as long. Arguments: what the handler does, "tls" for TLS.
 */
import * as http from "node:http";
import * as https from "node:https";
import { setImmediate as nextTurn } from "node:timers/promises";
import { BODY, CONTENT_TYPE, certificate, jsonValue, portOf, ready } from "./rim.ts";

type Listener = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
) => void | Promise<void>;

const hello: Listener = (_, response) => {
  response.setHeader("Content-Type", CONTENT_TYPE);
  response.end(BODY);
};

const HANDLERS: Readonly<Record<string, Listener>> = {
  hello,
  async: async (request, response) => {
    await Promise.resolve();
    await hello(request, response);
  },
  later: async (request, response) => {
    await nextTurn();
    await hello(request, response);
  },
  json: (_, response) => {
    const text = JSON.stringify(jsonValue());
    response.setHeader("Content-Type", "application/json");
    response.end(text);
  },
  echo: (request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      response.setHeader("Content-Type", "application/octet-stream");
      response.end(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces));
    });
  },
};

const [kind = "hello", security] = process.argv.slice(2);
// It has no router: where routes are asked for, it answers all of them alike.
const listener = HANDLERS[kind] ?? hello;
const handler: http.RequestListener = (request, response) => void listener(request, response);
const options = { keepAliveTimeout: 75_000 };
const server =
  security === "tls"
    ? https.createServer({ ...options, ...certificate() }, handler)
    : http.createServer(options, handler);
server.listen(0, "127.0.0.1", 4096, () => ready(portOf(server)));
