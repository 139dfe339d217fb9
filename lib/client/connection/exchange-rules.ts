/**
 * What one look at a request or a response decides about the connection that carries it.
 * RFC 9110 §7.8, §9.3.6, §10.1.1, RFC 9112 §9.3.2 · Go: is408Message, Response.isProtocolSwitch
 *
 * Rule of this file: pure questions, each of them with a yes or a no.
 */
import { FieldKind, type ResponseHead, connectionOptions } from "../../wire/mod.ts";
import type { Call } from "../call.ts";

/** Does the connection become the caller's? RFC 9110 §7.8, §9.3.6 */
export function isTunnel(head: ResponseHead, method: string): boolean {
  if (method === "CONNECT") return head.status >= 200 && head.status < 300;
  if (head.status !== 101 || !head.fields.has(FieldKind.upgrade)) return false;
  return connectionOptions(head.fields).includes("upgrade");
}

/** Is it the last head of its response? What follows a 101 is no response any more. RFC 9110 §15.2 */
export function isFinal({ status }: ResponseHead): boolean {
  return status >= 200 || status === 101;
}

/** Does its body wait for the server's word? RFC 9110 §10.1.1 */
export function expectsContinue({ request }: Call): boolean {
  const expect = request.header.get("expect");
  return expect !== undefined && expect.toLowerCase() === "100-continue";
}

/** May it be sent while others wait for their answers, and others after it? RFC 9112 §9.3.2 */
export function mayPipeline(call: Call): boolean {
  const { method, header } = call.request;
  const safe = method === "GET" || method === "HEAD" || method === "OPTIONS";
  return safe && call.head.framing.kind === "none" && !call.closes && !header.has("upgrade");
}

/** Is it the 408 with which some servers end an idle connection? Go: is408Message */
export function says408(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < PREFIX_408.length) return false;
  for (let i = 0; i < PREFIX_408.length; i++) {
    const expected = PREFIX_408.charCodeAt(i);
    const actual = bytes[from + i]!;
    const isDigit = actual >= 0x30 && actual <= 0x39;
    if (expected === 0x64 ? !isDigit : actual !== expected) return false;
  }
  return true;
}

/** "d" stands for a digit. */
const PREFIX_408 = "HTTP/1.d 408";
