/**
 * barewire explain: exit codes and what is printed.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Row, table } from "../kit.ts";
import { barewire } from "./fake-io.ts";

const test = suite("cli explain");

const GOOD = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const SMUGGLED =
  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n";

interface Told extends Row {
  readonly text: string;
  readonly args?: readonly string[];
  readonly code: number;
  readonly says: readonly string[];
}

const TOLD: readonly Told[] = [
  { name: "a good request is 0", text: GOOD, code: 0, says: ["well-formed: 1 request", "step 7"] },
  {
    name: "a stream counts its messages",
    text: GOOD + GOOD,
    code: 0,
    says: ["2 requests", "message 2 ends here"],
  },
  {
    name: "a response is found out",
    text: "HTTP/1.1 204 No Content\r\n\r\n",
    code: 0,
    says: ["1 response"],
  },
  {
    name: "a bare LF is 1",
    text: "GET / HTTP/1.1\nHost: a\n\n",
    code: 1,
    says: ["malformed: bare-lf at octet 14", "a server answers 400"],
  },
  { name: "half a message is 1", text: "GET / HT", code: 1, says: ["incomplete: truncated-head"] },
  {
    name: "what readers cut at two places is 3",
    text: SMUGGLED,
    code: 3,
    says: ["ambiguous", "te-over-cl ends it at octet 80", "then reads GET /x"],
  },
  {
    name: "two lengths of a response are 3",
    text: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    code: 3,
    says: ["conflicting-content-length", "ambiguous"],
  },
  {
    name: "a lenient reading is shown message by message",
    text: SMUGGLED,
    args: ["--lenient", "te-over-cl"],
    code: 3,
    says: [
      "from octet 0 POST /: ends it at octet 80",
      "from octet 80 GET /x",
      "parts from barewire",
    ],
  },
  {
    name: "a lenient reading that does not differ says so",
    text: GOOD,
    args: ["--lenient", "lf-tolerant"],
    code: 0,
    says: ["as barewire reads it"],
  },
  {
    name: "the profiles are listed",
    text: "",
    args: ["--lenient", "list"],
    code: 0,
    says: ["te-over-cl", "llhttp-lenient"],
  },
  {
    name: "the method of the request counts",
    text: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
    args: ["--method", "HEAD"],
    code: 0,
    says: ["it answers HEAD"],
  },
  {
    name: "a response may be read strictly",
    text: "HTTP/1.1 200 OK\n\n",
    args: ["--strict"],
    code: 1,
    says: ["bare-lf"],
  },
  {
    name: "it may be told to be a request",
    text: "HTTP/1.1 200 OK\r\n\r\n",
    args: ["--request"],
    code: 1,
    says: ["bad-method"],
  },
  {
    name: "the octets alone, with escapes",
    text: GOOD,
    args: ["--wire"],
    code: 0,
    says: ["GET / HTTP/1.1\\r\\n\nHost: a\\r\\n\n"],
  },
  {
    name: "a hex dump",
    text: GOOD,
    args: ["--hex"],
    code: 0,
    says: ["00000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  |GET / HTTP/1.1..|"],
  },
  { name: "nothing is well-formed", text: "", code: 0, says: ["0 requests"] },
];

table(test, TOLD, async ({ text, args = [], code, says }) => {
  const ran = await barewire(["explain", ...args], { stdin: text });
  assert.equal([ran.code, ran.err], [code, ""], ran.out);
  for (const words of says) assert.ok(ran.out.includes(words), `${words} in\n${ran.out}`);
});

test("JSON has a schema, a verdict, all annotations and the disagreements", async () => {
  const { code, out } = await barewire(["explain", "--json", "--lenient", "all"], {
    stdin: SMUGGLED,
  });
  assert.is(code, 3);
  const report = JSON.parse(out) as Record<string, unknown>;
  assert.equal(
    [report["schema"], report["verdict"], report["state"], report["kind"]],
    [1, "ambiguous", "malformed", "request"],
  );
  assert.ok(Array.isArray(report["annotations"]) && Array.isArray(report["readings"]));
  assert.ok(JSON.stringify(report["disagreements"]).includes('"boundary"'));
});

test("no octet of a message reaches a terminal as it is", async () => {
  const evil = "GET /\x9b2J HTTP/1.1\r\nHost: a\r\nX\x1b[31m: \x07\x7f\r\n\r\n";
  for (const args of [[], ["--wire"], ["--hex"], ["--json"], ["--lenient", "all"]]) {
    const env = { NO_COLOR: "1" };
    const { out } = await barewire(["explain", ...args], { stdin: evil, out: "terminal", env });
    assert.not(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/.test(out), args.join(" "));
  }
});

test.run();
