/**
 * The table of routes: who answers what, and the sentence about it that the first page shows.
 *
 * Rule of this file: one row a route, each of its methods a pattern of the mux, which finds the row,
 * and answers 404, 405 and HEAD.
 */
import { redirectHandler, ServeMux } from "barewire";
import { echo, upload } from "./bodies.ts";
import { sse, stream } from "./streams.ts";
import { chunked, hello, index, noContent, slow, status, trailers } from "./answers.ts";
import { files, media } from "./files.ts";
import { form, formSent } from "./form.ts";
import { notFound, plain } from "./page.ts";
import type { Route } from "./route.ts";
import { wire } from "./wire.ts";

const GET: readonly string[] = ["GET"];

/** Every route of the demo, in the order of the first page. */
export const ROUTES: readonly Route[] = [
  {
    path: "/hello/{name...}",
    link: "/hello/you",
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
    path: "/status/{code}",
    link: "/status/418",
    methods: ["GET", "POST", "PUT", "DELETE", "PATCH"],
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
  {
    path: "/files/",
    methods: GET,
    about: "A folder: listed, in ranges when asked, not sent again when unchanged.",
    example: "-i -r 0-15 URL/files/notes.txt",
    answer: files,
  },
  {
    path: "/media",
    methods: GET,
    about: "A sound that the browser asks for in ranges.",
    example: "URL/media",
    answer: media,
  },
  {
    path: "/form",
    methods: GET,
    about: "A form with a file, and a cookie that counts your visits.",
    example: "-i -b visits=6 URL/form",
    answer: form,
  },
  {
    path: "/form",
    methods: ["POST"],
    about: "What came with the form: name, size and hash of the file.",
    example: "-F text=hello -F file=@package.json URL/form",
    answer: formSent,
  },
];

/** The table as a mux. */
export const mux: ServeMux = new ServeMux({
  notFound,
  methodNotAllowed: (w, r) =>
    plain(w, 405, `405: ${r.path} answers to ${w.header.get("Allow") ?? "nothing"}\n`),
});

mux.handle("GET /{$}", (w, r) => index(w, r, ROUTES));
// Browsers ask for it unbidden.
mux.handle("GET /favicon.ico", redirectHandler("/files/mark.svg", 308));
for (const { path, methods, answer } of ROUTES) {
  for (const method of methods) mux.handle(`${method} ${path}`, answer);
}
