/**
 * --raw: exactly these octets are sent, and whatever comes back is shown.
 *
 * Rule of this file: nothing is added to what is sent. It waits for as many answers as the octets ask for, for the
 * end of the connection, or for the time to be over.
 */
import type { Conn } from "../../bufio/mod.ts";
import { dial, dialTLS } from "../../net/mod.ts";
import { TestingError, WireClient } from "../../testing/mod.ts";
import { examine } from "../../view/mod.ts";
import { paintFor } from "../colour.ts";
import { EMPTY_REPLY, exitCodeOf, RECEIVE_FAILED, TIMED_OUT } from "./exit-codes.ts";
import { Exit, INTERRUPTED, type Io } from "../io.ts";
import type { RequestPlan } from "./request-flags.ts";
import { methodsIn, wireText } from "./show-wire.ts";

const MAX_TIME_MS = 10_000;

/** Sends the octets of the plan to the host of its URL. */
export async function rawCall(plan: RequestPlan, raw: Uint8Array, io: Io): Promise<number> {
  const peer = new WireClient(await connect(plan, io));
  const stop = (): void => peer.reset();
  io.signal.addEventListener("abort", stop, { once: true });
  const { messages } = examine(raw, { kind: "request" });
  const wanted = Math.max(1, messages.length);
  const requestMethods = methodsIn(raw);
  let late = false;
  try {
    peer.send(raw);
    await peer.until(
      ({ received, end }) => end !== "open" || hasAnswers(received, requestMethods, wanted),
      plan.maxTimeMs ?? MAX_TIME_MS,
    );
  } catch (error) {
    if (!(error instanceof TestingError)) throw error;
    late = true;
  } finally {
    io.signal.removeEventListener("abort", stop);
    peer.close();
  }
  if (io.signal.aborted) return INTERRUPTED;
  await show(plan, io, peer.received, requestMethods, raw);
  if (late) throw new Exit(TIMED_OUT, "the answers did not come in time");
  if (peer.received.length === 0 && peer.end === "ended")
    throw new Exit(EMPTY_REPLY, "an empty reply");
  if (peer.end === "reset") throw new Exit(RECEIVE_FAILED, "the peer reset the connection");
  return 0;
}

function hasAnswers(
  received: Uint8Array,
  requestMethods: readonly string[],
  wanted: number,
): boolean {
  const { messages } = examine(received, { kind: "response", requestMethods });
  const final = messages.filter(
    ({ title, state, framing }) =>
      !title.startsWith("1") && state === "complete" && framing !== "until-close",
  );
  return final.length >= wanted;
}

async function show(
  plan: RequestPlan,
  io: Io,
  received: Uint8Array,
  requestMethods: readonly string[],
  raw: Uint8Array,
): Promise<void> {
  if (plan.view === "body" && io.out.kind === "pipe") return io.out.write(received);
  const paint = paintFor(io, io.out);
  const form = plan.view === "hex" ? "hex" : "wire";
  if (plan.view !== "body") {
    await io.out.write(wireText(raw, { kind: "request", form, mark: ">", paint }));
  }
  await io.out.write(
    wireText(received, { kind: "response", requestMethods, form, mark: "<", paint }),
  );
}

async function connect(plan: RequestPlan, io: Io): Promise<Conn> {
  const { protocol, hostname, port } = new URL(plan.url);
  const { signal } = io;
  const secure = protocol === "https:";
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const where =
    plan.unixPath === undefined
      ? { host, port: port === "" ? (secure ? 443 : 80) : Number(port), signal }
      : { path: plan.unixPath, signal };
  const limit = { connectTimeoutMs: plan.connectTimeoutMs };
  try {
    if (!secure) return await dial(where, limit);
    const ca = plan.ca === undefined ? {} : { ca: plan.ca };
    return await dialTLS(where, {
      ...limit,
      ...ca,
      serverCertificate: plan.certificates,
      serverName: host,
    });
  } catch (error) {
    if (signal.aborted) throw new Exit(INTERRUPTED, "interrupted");
    throw new Exit(exitCodeOf(error), error instanceof Error ? error.message : String(error));
  }
}
