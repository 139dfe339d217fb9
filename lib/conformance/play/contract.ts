/**
 * What a server under test keeps: found out by asking it, with cases of the same form as all others.
 *
 * Rule of this file: a contract that is not kept makes cases not applicable; it is never a failure.
 */
import type { Contract, ServerCase } from "../case.ts";
import { echoed, expect, get, ok, parsed, post, send } from "../write.ts";
import { ConformanceError } from "../errors.ts";
import { type Played, playServerCase, type ServerPlace } from "./server.ts";

const ANSWERS = probe(0, [send(get()), expect(ok())]);
const ECHOES = probe(1, [
  send(post("/echo", ["Content-Length: 5"], "hello")),
  expect(echoed("hello")),
]);
const PARSES = probe(2, [
  send(post("/parse", ["Content-Length: 5"], "hello")),
  expect(parsed({ method: "POST", target: "/parse", body: { equals: "hello" } })),
]);

/** Rejects with ConformanceError "peer-unfit" when `GET /` is not answered with 2xx or 3xx. */
export async function serverAnswers(place: ServerPlace): Promise<void> {
  const played = await playServerCase(ANSWERS, place);
  if (!isKept(played)) throw new ConformanceError("peer-unfit", played.message);
}

/** The highest contract kept. */
export async function checkContract(place: ServerPlace): Promise<Contract> {
  if (!isKept(await playServerCase(ECHOES, place))) return 0;
  return isKept(await playServerCase(PARSES, place)) ? 2 : 1;
}

function isKept(played: Played): boolean {
  return played.class === "conforming";
}

function probe(contract: Contract, steps: ServerCase["steps"]): ServerCase {
  const title = `contract ${contract}`;
  const rationale = "Asked before a run, to know which cases apply.";
  const base = { id: title, level: "MUST", topic: "contract", title, rationale } as const;
  return { ...base, role: "server", contract, steps };
}
