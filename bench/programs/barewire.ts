/**
 * The program under test: the same answers from the built bundle of barewire, as a user would write
 * them.
 *
 * Rule of this file: default settings, and the package's own name, so that what ships is what is
 * measured.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Handler, listenAndServe } from "barewire";
import { BODY, CONTENT_TYPE, ready } from "./rim.ts";

const hello: Handler = (w) => {
  w.header.set("Content-Type", CONTENT_TYPE);
  void w.write(BODY);
};
const later: Handler = async (w) => {
  await nextTurn();
  w.header.set("Content-Type", CONTENT_TYPE);
  await w.write(BODY);
};

const server = await listenAndServe("127.0.0.1:0", process.argv[2] === "async" ? later : hello);
ready(server.addr?.port ?? 0);
