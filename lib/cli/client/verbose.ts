/**
 * What -v says, as curl says it: "*" for what happens, ">" for what is sent, "<" for what comes.
 *
 * Rule of this file: heads are shown as they stood on the wire, escaped; contents never.
 */
import type { Trace } from "../../client/mod.ts";
import type { PriorResponse } from "../../message/mod.ts";
import type { Header } from "../../wire/mod.ts";
import { latin1 } from "../../testing/mod.ts";
import type { Io } from "../io.ts";
import type { WireRecord } from "./recorded-conn.ts";
import { terminalLine } from "../terminal-text.ts";

export class Verbose {
  readonly #io: Io;
  readonly #isOn: boolean;
  /** How far the heads that were sent have been shown, by connection. */
  readonly #shown: Map<WireRecord, number> = new Map();
  #left: string | undefined;
  records: readonly WireRecord[] = [];

  constructor(io: Io, mode: "on" | "off") {
    this.#io = io;
    this.#isOn = mode === "on";
  }

  /** What a transport is watched with. */
  readonly trace: Trace = {
    dnsDone: (result) => {
      if ("addresses" in result) this.say(`resolved to ${result.addresses.join(", ")}`);
    },
    connectDone: (_, address, error) => {
      this.say(
        error === undefined || error === null
          ? `connected to ${address}`
          : `${address}: no connection`,
      );
    },
    tlsHandshakeDone: (result) => {
      if ("error" in result) return;
      const trust = result.authorized ? "certificate verified" : "certificate not verified";
      this.say(`${result.version}, ${result.cipher}, ${trust}`);
    },
    gotConn: ({ reused }) => {
      if (reused) this.say("the connection is used again");
    },
    wroteRequest: () => this.sent(),
    gotFirstResponseByte: () => this.sent(),
    got1xxResponse: (status, header) => this.#head(`HTTP/1.1 ${status}`, header),
    // A small answer is complete before its head has been shown.
    putIdleConn: (kept) => {
      this.#left = kept === "kept" ? "left open" : `closed: ${kept.closed}`;
    },
  };

  /** "* …" */
  say(text: string): void {
    this.#line("*", text);
  }

  /** Shows the heads that were sent and have not been shown. */
  sent(): void {
    for (const record of this.records) {
      const text = latin1(record.sent.bytes());
      const from = this.#shown.get(record) ?? 0;
      const start = /(?:^|\n)([!-~]+ [!-~]+ HTTP\/1\.1\r\n)/.exec(text.slice(from));
      const end = text.indexOf("\r\n\r\n", from + (start?.index ?? 0));
      if (start === null || end < 0) continue;
      this.#shown.set(record, end + 4);
      const begin = from + start.index + (start[0].startsWith("\n") ? 1 : 0);
      for (const line of text.slice(begin, end).split("\r\n")) this.#line(">", line);
      this.#line(">", "");
    }
  }

  /** Shows the head of a response. */
  received(response: PriorResponse & { readonly proto?: string }): void {
    this.sent();
    const { status, statusText, header, proto = "HTTP/1.1" } = response;
    this.#head(`${proto} ${status}${statusText === "" ? "" : ` ${statusText}`}`, header);
  }

  /** The last word. */
  end(): void {
    if (this.#left !== undefined) this.say(`the connection is ${this.#left}`);
  }

  #head(first: string, header: Header): void {
    this.#line("<", first);
    for (const [name, value] of header) this.#line("<", `${name}: ${value}`);
    this.#line("<", "");
  }

  #line(mark: string, text: string): void {
    if (this.#isOn) void this.#io.err.write(`${mark} ${terminalLine(text)}`.trimEnd() + "\n");
  }
}
