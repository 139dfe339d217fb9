/**
 * The topic goclient-readresponse: responses as a client reads them, and as they are written again.
 * RFC 9112 §4 to §7 · vectors: goclient-readresponse
 *
 * Rule of this file: as go-read.ts, whose code it uses; the file differs in how it writes what it wants.
 */
import { Response, readResponse } from "../../lib/message/mod.ts";
import { answersOf } from "./answers.ts";
import { isArray, isObject, objectsOf, textOf } from "./case.ts";
import type {
  CallInput,
  Case,
  Input,
  Json,
  JsonObject,
  OctetsInput,
  Outcome,
  Run,
  Topic,
} from "./case.ts";
import { readerOf, responseOutcome, responseWant, runAllWays, written } from "./go-read.ts";
import { codesOf } from "./kinds.ts";
import { outcomeOf } from "./wants.ts";

export const CLIENT_READ_TOPICS: readonly Topic[] = [
  {
    name: "goclient-readresponse",
    file: "goclient-readresponse",
    parallel: 1,
    cases: (content) => objectsOf(content["cases"]).map(caseOf),
    run,
  },
];

function caseOf(one: JsonObject): Case {
  const id = textOf(one["id"]);
  const raw = textOf(one["raw"]);
  const requestMethod = textOf(one["requestMethod"]) || "GET";
  if (one["fn"] === "readResponse") {
    const input: OctetsInput = {
      kind: "octets",
      role: "response",
      raw,
      ending: "eof",
      requestMethod,
    };
    return { id, input, want: readWant(one, requestMethod) };
  }
  if (one["fn"] === "rewriteTwice") {
    const [text, count] = isArray(one["wantCountOf"]) ? one["wantCountOf"] : [];
    const args = { raw, look: textOf(text) };
    return {
      id,
      input: { kind: "call", op: "rewriteTwice", args },
      want: { failed: false, count },
    };
  }
  const { status, statusCode, proto, wantNotContains } = one;
  const args = { status, statusCode, proto, look: wantNotContains };
  return {
    id,
    input: { kind: "call", op: "writeResponse", args },
    want: { failed: false, count: 0 },
  };
}

/** The files' whole wants, the few fields that some name, or the bare verdict of others. */
function readWant(one: JsonObject, requestMethod: string): Outcome {
  const { error, want, rewritten } = one;
  if (one["ok"] === false) return { failed: true, error: codesOf(textOf(error)) };
  if (!isObject(want)) return { failed: false };
  if (want["headersSubset"] === true) return { failed: false, has: want["headers"] };
  if (want["proto"] === undefined) {
    return { failed: false, status: want["statusCode"], body: want["body"] };
  }
  return {
    ...responseWant(want),
    trailers: undefined,
    rewritten: rewritten === undefined ? undefined : answersOf(textOf(rewritten), [requestMethod]),
  };
}

async function run(input: Input): Promise<readonly Run[]> {
  if (input.kind === "octets") return runAllWays(input, readOutcome);
  if (input.kind !== "call") throw new Error("octets or a call are wanted");
  return [{ way: "", outcome: await outcomeOf(() => writeOutcome(input)) }];
}

const readOutcome: typeof responseOutcome = async (input, cut) => {
  const outcome = await responseOutcome(input, cut);
  return { ...outcome, has: mapOf(outcome["headers"]) };
};

function mapOf(entries: Json): JsonObject {
  if (!isArray(entries)) return {};
  return Object.fromEntries(
    entries.filter(isArray).map(([name, values]) => [textOf(name), values]),
  );
}

/** How often the text that the case looks for stands in what is written. */
async function writeOutcome({ op, args }: CallInput): Promise<Outcome> {
  const look = textOf(args["look"]);
  const octets =
    op === "rewriteTwice" ? await again(await again(textOf(args["raw"]))) : await made(args);
  return { count: octets.split(look).length - 1 };
}

/** Read and written again. */
async function again(raw: string): Promise<string> {
  const response = await readResponse(readerOf({ raw }, {}));
  return response === undefined ? "" : written(response);
}

/** Go's status text begins with the number; ours is the reason alone. */
function made({ status, statusCode, proto }: JsonObject): Promise<string> {
  const [, minor] = isArray(proto) ? proto : [];
  return written(
    new Response({
      status: Number(statusCode),
      statusText: textOf(status).replace(/^\d+ /, ""),
      versionMinor: Number(minor),
    }),
  );
}
