/**
 * The topics go-server-wire, go-server-tables and go-sniff: what a server says to octets over a socket.
 * vectors: go-server-wire, go-server-tables, go-sniff; own-exchanges.json beside this file
 *
 * Rule of this file: it turns their cases into exchanges and wants. Header order and chunk boundaries are
 * ours, decoded bodies are compared (DESIGN §4).
 */
import { detectContentType } from "../../lib/semantics/mod.ts";
import { answersOf } from "./answers.ts";
import { isArray, isObject, objectsOf, textOf, textsOf } from "./case.ts";
import type {
  Case,
  ExchangeInput,
  Input,
  Json,
  JsonObject,
  Operation,
  Outcome,
  Run,
  Topic,
} from "./case.ts";
import { octetsOf } from "./cuts.ts";
import { runExchange, senseOf } from "./exchange.ts";
import { codesOf } from "./kinds.ts";

/** Exchanges mostly wait, so many go on at once. */
const PARALLEL = 16;

export const SERVER_TOPICS: readonly Topic[] = [
  topic("go-server-wire", wireCase),
  topic("own-exchanges", wireCase),
  topic("go-server-tables", tableCase),
  topic("go-sniff", sniffCase),
];

function topic(file: string, caseOf: (one: JsonObject) => Case): Topic {
  return {
    name: file,
    file,
    parallel: PARALLEL,
    cases: (content) => objectsOf(content["cases"]).map(caseOf),
    run,
  };
}

async function run(input: Input): Promise<Run[]> {
  switch (input.kind) {
    case "exchange":
      return [{ way: "", outcome: await runExchange(input) }];
    case "call":
      return [
        { way: "", outcome: { value: detectContentType(octetsOf(textOf(input.args["data"]))) } },
      ];
    default:
      throw new Error("an exchange or a call is wanted");
  }
}

function wireCase(one: JsonObject): Case {
  const options = isObject(one["server"]) ? one["server"] : {};
  const { observeMs } = options;
  const handler = operationsOf(one["handler"]);
  return {
    id: textOf(one["id"]),
    input: {
      kind: "exchange",
      options,
      handler,
      steps: operationsOf(one["send"]),
      observeMs: typeof observeMs === "number" ? observeMs : undefined,
    },
    want: wireWant(isObject(one["want"]) ? one["want"] : {}),
  };
}

function wireWant(want: JsonObject): Outcome {
  const calls = objectsOf(want["handlerCalls"]);
  const methods = calls.map((call) => textOf(call["method"]));
  return {
    answers: answersOf(textOf(want["output"]), methods),
    connection: want["connection"],
    handlerCalls: calls.map(callWant),
    connStates: want["connStates"],
    log: textsOf(want["log"]).map(senseOf),
  };
}

/** What the file leaves out is false, empty or null. */
function callWant(call: JsonObject): Outcome {
  const { writes, bodyError, writeAfterHijackError } = call;
  return {
    close: false,
    transferEncoding: [],
    trailers: {},
    ...call,
    // Go notes no writes where there are none, and not those of echoMeta.
    writes: objectsOf(writes).map((write) => ({ ...write, error: errorWant(write["error"]) })),
    bodyError: "body" in call || "bodyBytes" in call ? errorWant(bodyError) : undefined,
    writeAfterHijackError: writeAfterHijackError === undefined ? undefined : "hijacked",
  };
}

function errorWant(error: Json): Json {
  return isObject(error) ? codesOf(textOf(error["kind"])) : null;
}

function operationsOf(list: Json): Operation[] {
  if (!isArray(list)) return [];
  return list.filter(isArray).map(([name, ...args]) => [textOf(name), ...args]);
}

function tableCase(one: JsonObject): Case {
  const op = textOf(one["op"]);
  const table = TABLES[op];
  if (table === undefined) throw new Error(`no operation ${op}`);
  const { handler, steps, want } = table(one);
  const input: ExchangeInput = {
    kind: "exchange",
    options: {},
    handler,
    steps,
    observeMs: undefined,
  };
  return { id: textOf(one["id"]), input, want };
}

interface TableCase {
  readonly handler: readonly Operation[];
  readonly steps: readonly Operation[];
  readonly want: Outcome;
}

const TABLES: Readonly<Record<string, (one: JsonObject) => TableCase>> = {
  statusForRequest: (one) => ({
    handler: [],
    steps: rawSteps(one),
    want: { firstStatus: one["want"] },
  }),
  wire: (one) => ({
    handler: [],
    steps: rawSteps(one),
    want: { answers: answersOf(textOf(one["want"]), []) },
  }),
  http10Connection: (one) => ({
    handler: [],
    steps: rawSteps(one),
    want: { firstConnection: one["want"] },
  }),
  expect: expectTable,
  reuse: (one) => ({
    handler: operationsOf(one["handler"]),
    steps: [
      ...rawSteps(one),
      ...(one["want100"] === true
        ? [["on100", "x".repeat(Number(one["continueBody"]))] as const]
        : []),
    ],
    want: {
      statuses: one["want100"] === true ? [100, one["wantStatus"]] : [one["wantStatus"]],
      connection: one["wantReused"] === true ? "open" : "closed",
      lastState: one["wantReused"] === true ? "idle" : "closed",
    },
  }),
};

function rawSteps(one: JsonObject): Operation[] {
  const repeat = isObject(one["rawRepeat"]) ? one["rawRepeat"] : undefined;
  const steps: Operation[] = [["send", textOf(one["raw"])]];
  if (repeat !== undefined)
    steps.push(["sendRepeat", textOf(repeat["char"]), Number(repeat["times"])]);
  if (one["rawTail"] !== undefined) steps.push(["send", textOf(one["rawTail"])]);
  return steps;
}

/** The body is sent at once, unless its sender was told to wait for an invitation. */
function expectTable(one: JsonObject): TableCase {
  const length = Number(one["contentLength"]);
  const expectation = textOf(one["expectation"]);
  const isChunked = one["chunked"] === true;
  const framing = isChunked ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`;
  const expect = expectation === "" ? "" : `Expect: ${expectation}\r\n`;
  const head = `POST / HTTP/1.1\r\nConnection: close\r\n${framing}\r\n${expect}Host: foo\r\n\r\n`;
  const body = isChunked ? "0\r\n\r\n" : "A".repeat(length);
  const waits = expectation.toLowerCase() === "100-continue";
  const steps: Operation[] = waits
    ? [["send", head]]
    : [
        ["send", head],
        ["send", body],
      ];
  return {
    handler: one["readBody"] === true ? [["readAll"], ["write", "Hello"]] : [["status", 401]],
    steps,
    want: { firstLine: `HTTP/1.1 ${textOf(one["want"])}` },
  };
}

function sniffCase(one: JsonObject): Case {
  const id = textOf(one["id"]);
  const { data, want, contentEncoding } = one;
  if (one["op"] === "detect") {
    return { id, input: { kind: "call", op: "detect", args: { data } }, want: { value: want } };
  }
  const coding: Operation[] =
    typeof contentEncoding === "string" ? [["set", "Content-Encoding", contentEncoding]] : [];
  return {
    id,
    input: {
      kind: "exchange",
      options: {},
      handler: [...coding, ["write", data]],
      steps: [["send", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"]],
      observeMs: undefined,
    },
    want: { firstType: want },
  };
}
