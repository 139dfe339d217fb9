/**
 * The table of routes: who answers what, and the sentence about it that the first page shows.
 *
 * Rule of this file: one row a route; an unknown path is a 404, a known one with another method a
 * 405. HEAD is answered wherever GET is.
 */
import type { Request, ResponseWriter } from "barewire";
import { echo, upload } from "./bodies.ts";
import { sse, stream } from "./streams.ts";
import { chunked, hello, index, noContent, plain, slow, status, trailers } from "./answers.ts";
import type { Route } from "./route.ts";
import { wire } from "./wire.ts";

const GET: readonly string[] = ["GET", "HEAD"];

/** Every route of the demo, in the order of the first page. */
export const ROUTES: readonly Route[] = [
  {
    path: "/hello/",
    methods: GET,
    about: "Greets NAME.",
    example: "-i URL/hello/NAME",
    answer: hello,
  },
  {
    path: "/echo",
    methods: ["POST", "PUT"],
    about: "Sends the body back: in one piece up to 1 MiB, while it still arrives beyond.",
    example: "-d 'some text' URL/echo",
    answer: echo,
  },
  {
    path: "/stream",
    methods: GET,
    about: "One line a second, chunked, until you leave.",
    example: "-N URL/stream",
    answer: stream,
  },
  {
    path: "/sse",
    methods: GET,
    about: "Server-sent events, one a second.",
    example: "-N URL/sse",
    answer: sse,
  },
  {
    path: "/upload",
    methods: ["POST", "PUT"],
    about: "Counts and hashes a file of any size while it streams in.",
    example: "-T FILE URL/upload",
    answer: upload,
  },
  {
    path: "/trailers",
    methods: GET,
    about: "Fields that come after the body.",
    example: "-i --raw URL/trailers",
    answer: trailers,
  },
  {
    path: "/slow",
    methods: GET,
    about: "Answers after two seconds.",
    example: "-i URL/slow",
    answer: slow,
  },
  {
    path: "/status/",
    methods: [...GET, "POST", "PUT", "DELETE", "PATCH"],
    about: "Answers with the status NNN, 200 to 599.",
    example: "-i URL/status/418",
    answer: status,
  },
  {
    path: "/204",
    methods: GET,
    about: "Success without content.",
    example: "-i URL/204",
    answer: noContent,
  },
  {
    path: "/chunked",
    methods: GET,
    about: "Hello world in several chunks.",
    example: "-i --raw URL/chunked",
    answer: chunked,
  },
  {
    path: "/wire",
    methods: GET,
    about:
      "The bytes of your request head exactly as they arrived; as JSON with the parse when asked.",
    example: "URL/wire?format=json",
    answer: wire,
  },
];

/** Answers one request by the table. */
export function answer(w: ResponseWriter, r: Request): void | Promise<void> {
  if (r.path === "/") return index(w, r, ROUTES);
  const route = ROUTES.find(({ path }) =>
    path.endsWith("/") ? r.path.startsWith(path) : r.path === path,
  );
  if (route === undefined) return plain(w, 404, "404: nothing here, but / lists what there is\n");
  if (route.methods.includes(r.method)) return route.answer(w, r);
  w.header.set("Allow", route.methods.join(", "));
  return plain(w, 405, `405: ${route.path} answers to ${route.methods.join(", ")}\n`);
}
