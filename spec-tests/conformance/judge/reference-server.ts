/**
 * A server that is right: raw text over any pipe, and one switch for each fault that a mutant of it has.
 * RFC 9112 §9; RFC 9110 §6.6.1, §10.1.1
 *
 * Rule of this file: it shares nothing with lib's parsers, so that the judge is judged by a second reading of the
 * RFC. It keeps contract 2 of the tester. Each `is(…)` is one fault of server-mutants.ts.
 */
import type { Conn } from "../../../lib/bufio/mod.ts";
import { Cut, Input } from "./input.ts";
import { dateText } from "./message.ts";
import { type Content, framingOf, isCutShort, readContent } from "./server-content.ts";
import { type Head, readHead, Refusal, type ServerIs } from "./server-head.ts";
import type { ServerFault } from "./server-mutants.ts";
import { type Answer, answerTo, bare } from "./server-page.ts";

const NO_CONTENT: Content = { text: "", trailers: [] };

export class ReferenceServer {
  readonly #is: ServerIs;

  constructor(...faults: readonly ServerFault[]) {
    const on = new Set(faults);
    this.#is = (fault) => on.has(fault);
  }

  /** Answers on this connection until one of the two ends it. Never rejects. */
  async serve(conn: Conn): Promise<void> {
    const input = new Input(conn);
    try {
      while ((await this.#exchange(input)) === "open");
    } catch (error) {
      if (error instanceof Refusal) this.#refuse(input, error.status);
      else if (isCutShort(error)) this.#refuse(input, 400);
      else if (!(error instanceof Cut)) throw error;
    }
    input.finish();
  }

  #refuse(input: Input, status: number): void {
    const answer = bare(status);
    const dated = this.#is("no-date-in-refusals") ? [] : [["Date", dateText(Date.now())] as const];
    const fields = [...dated, ["Connection", "close"] as const, ...answer.fields];
    input.write(textOf({ ...answer, fields }, "with-content", this.#is));
  }

  async #exchange(input: Input): Promise<"open" | "closed"> {
    const is = this.#is;
    if (is("lines-in-one-piece") && !(await this.#isInOnePiece(input))) return "closed";
    const head = await readHead(input, is);
    if (head === undefined) return "closed";
    const framing = framingOf(head, is);
    const isOld = head.version === "1.0" && !is("1.0-is-1.1");
    const expects = head.fields.lists("Expect", "100-continue");
    const waits = expects && framing.kind !== "none" && input.waiting === "";
    if (waits && !isOld) {
      const early = answerTo(head, NO_CONTENT, is);
      if (early.status >= 400 || is("answers-before-content")) {
        this.#answer(input, head, NO_CONTENT, true);
        return "closed";
      }
    }
    if (waits && (!isOld || is("100-to-1.0")) && !is("no-100")) {
      input.write("HTTP/1.1 100 Continue\r\n\r\n");
    }
    const content = await readContent(input, framing, is);
    const isLast = this.#isLast(head, isOld);
    this.#answer(input, head, content, isLast);
    return isLast && !is("stays-open") ? "closed" : "open";
  }

  /** Whether the head has come with one delivery, which says nothing. */
  async #isInOnePiece(input: Input): Promise<boolean> {
    while (input.waiting === "" && input.side === "open") await input.more().catch(() => {});
    if (input.waiting.includes("\r\n") || input.side !== "open") return true;
    this.#refuse(input, 400);
    return false;
  }

  /** RFC 9112 §9.3 */
  #isLast(head: Head, isOld: boolean): boolean {
    const is = this.#is;
    const says = (word: string): boolean =>
      is("case-sensitive-options")
        ? head.fields.members("Connection").includes(word)
        : head.fields.lists("Connection", word);
    if (says("keep-alive") && is("keep-alive-beats-close")) return false;
    if (says("close")) return true;
    return isOld && !says("keep-alive");
  }

  #answer(input: Input, head: Head, content: Content, isLast: boolean): void {
    const is = this.#is;
    const answer = answerTo(head, content, is);
    const fields: (readonly [string, string])[] = [...answer.fields];
    if (!is("no-date")) fields.unshift(["Date", dateText(Date.now())]);
    if (isLast && !is("says-no-close")) fields.push(["Connection", "close"]);
    if (!isLast && head.version === "1.0") fields.push(["Connection", "keep-alive"]);
    const isHead = head.method === "HEAD" && !is("content-to-head");
    const text = textOf({ ...answer, fields }, isHead ? "head-only" : "with-content", is, head);
    input.write(is("echoes-version") ? text.replace("1.1", head.version) : text);
  }
}

function textOf(
  answer: Answer,
  what: "with-content" | "head-only",
  is: ServerIs,
  to?: Head,
): string {
  const { status, content } = answer;
  const fields = [...answer.fields];
  const hasNone = status === 204 || status === 304;
  const isOff = is("wrong-length-to-head") && what === "head-only";
  const isChunked = to?.version === "1.0" && is("chunks-to-1.0");
  if (isChunked) fields.push(["Transfer-Encoding", "chunked"]);
  else if (!hasNone) fields.push(["Content-Length", `${isOff ? 0 : content.length}`]);
  const lines = [`HTTP/1.1 ${status} `, ...fields.map(([name, value]) => `${name}: ${value}`)];
  const head = `${lines.join("\r\n")}\r\n\r\n`;
  if (what === "head-only" || hasNone) return head;
  if (isChunked) return `${head}${content.length.toString(16)}\r\n${content}\r\n0\r\n\r\n`;
  return head + content;
}
