/**
 * A wire log as HTML: each line with time, connection and direction, its octets coloured by what they are, and
 * below it what is wrong with them.
 * RFC 9112
 *
 * Rule of this file: lib/view says what octets are, by our own parser; the verdict is the judge's and owes
 * nothing to it. Octets are escaped twice: to visible ASCII by view, and for HTML here.
 */
import { type Annotation, examine, type Role, wireLines } from "../../view/mod.ts";
import type { WireEntry } from "../play/mod.ts";
import type { RunReport } from "../result.ts";
import { escapeHtml } from "./html-escape.ts";

/** Octets shown of one line of the log: its beginning and its end. */
const HEAD_OCTETS = 320;
const TAIL_OCTETS = 64;
/** Remarks below one log. */
const MAX_NOTES = 6;

/** Classes of the page, a letter each because there are very many. Roles that are not here are left plain. */
const CLASSES: ReadonlyMap<Role, string> = new Map([
  ["method", "a"],
  ["status", "a"],
  ["target", "b"],
  ["reason", "b"],
  ["version", "c"],
  ["field-name", "n"],
  ["chunk-size", "k"],
  ["last-chunk", "k"],
  ["chunk-extension", "e"],
  ["body", "d"],
  ["chunk-data", "d"],
  ["tunnel", "d"],
  ["unread", "u"],
  ["fault", "x"],
  ["empty-line", "z"],
  ["space", "z"],
  ["line-end", "z"],
  ["colon", "z"],
  ["blank", "z"],
  ["head-end", "z"],
  ["chunk-end", "z"],
  ["trailer-end", "z"],
]);

/** An entry of the log with the octets it holds and what is said of them. */
interface Piece {
  readonly entry: WireEntry;
  readonly bytes: Uint8Array;
  readonly annotations: readonly Annotation[];
}

/** One direction of one connection. */
interface Stream {
  readonly bytes: Uint8Array;
  readonly annotations: readonly Annotation[];
}

/** The log as a table, and its remarks as a list. */
export function wireHtml(wire: readonly WireEntry[], role: RunReport["role"]): string {
  const streams = new Map<string, Stream>();
  for (const key of new Set(wire.map(keyOf))) streams.set(key, streamOf(key, wire, role, streams));
  const offsets = new Map<string, number>();
  const rows = wire.map((entry) => {
    const key = keyOf(entry);
    const from = offsets.get(key) ?? 0;
    const piece = pieceOf(entry, from, streams.get(key));
    offsets.set(key, from + piece.bytes.length);
    return rowHtml(piece);
  });
  const notes = [...streams].flatMap(([key, stream]) => noteLines(key, stream));
  const shown = notes.slice(0, MAX_NOTES).map((line) => `<li>${line}</li>`);
  const list = shown.length === 0 ? "" : `<ul class="notes">${shown.join("")}</ul>`;
  return `<table class="log"><tbody>${rows.join("")}</tbody></table>${list}`;
}

function keyOf({ connection, direction }: WireEntry): string {
  return `${connection} ${direction}`;
}

/** All that went one way, explained as one stream, up to an entry of which octets were not kept. */
function streamOf(
  key: string,
  wire: readonly WireEntry[],
  role: RunReport["role"],
  others: ReadonlyMap<string, Stream>,
): Stream {
  const [connection, direction] = key.split(" ");
  if (direction === "event") return { bytes: new Uint8Array(), annotations: [] };
  const entries = wire.filter((entry) => keyOf(entry) === key);
  const cutAt = entries.findIndex(({ octets }) => octets !== undefined);
  const whole = cutAt < 0 ? entries : entries.slice(0, cutAt);
  const bytes = octetsOf(whole.map(({ data }) => data).join(""));
  const isRequest = (direction === "sent") === (role === "server");
  const requests = others.get(`${connection} ${role === "server" ? "sent" : "received"}`);
  const { annotations } = examine(bytes, {
    kind: isRequest ? "request" : "response",
    requestMethods: isRequest || requests === undefined ? [] : methodsOf(requests),
  });
  return { bytes, annotations };
}

function methodsOf({ bytes, annotations }: Stream): string[] {
  return annotations
    .filter(({ role }) => role === "method")
    .map(({ from, to }) => String.fromCharCode(...bytes.subarray(from, to)));
}

function pieceOf(entry: WireEntry, from: number, stream: Stream | undefined): Piece {
  if (entry.direction === "event") return { entry, bytes: new Uint8Array(), annotations: [] };
  const bytes = octetsOf(entry.data);
  const known = stream !== undefined && from + bytes.length <= stream.bytes.length;
  const annotations = known && entry.octets === undefined ? stream.annotations : [];
  return { entry, bytes, annotations: clipped(annotations, from, from + bytes.length) };
}

/** The part of the annotations that is about a range, counted from its beginning; marks are left out. */
function clipped(annotations: readonly Annotation[], from: number, to: number): Annotation[] {
  return annotations
    .filter((one) => one.from < to && one.to > from)
    .map((one) => ({
      ...one,
      from: Math.max(one.from, from) - from,
      to: Math.min(one.to, to) - from,
    }));
}

const ARROWS = { sent: "→ sent", received: "← received", event: "·" } as const;

function rowHtml({ entry, bytes, annotations }: Piece): string {
  const { at, connection, direction, data, octets } = entry;
  const when = `${escapeHtml(`${at}`)} ms <span class="con">#${escapeHtml(`${connection}`)}</span>`;
  const head = `<th scope="row">${when} ${ARROWS[direction] ?? ""}</th>`;
  const kind = { sent: "out", received: "in", event: "ev" }[direction] ?? "ev";
  const content =
    direction === "event"
      ? escapeHtml(data)
      : `<pre>${octetsHtml(bytes, annotations, octets)}</pre>`;
  return `<tr class="${kind}">${head}<td>${content}</td></tr>`;
}

function octetsHtml(
  bytes: Uint8Array,
  annotations: readonly Annotation[],
  octets: number | undefined,
): string {
  const all = octets ?? bytes.length;
  if (bytes.length <= HEAD_OCTETS + TAIL_OCTETS && octets === undefined) {
    return linesHtml(bytes, annotations);
  }
  const headTo = Math.min(HEAD_OCTETS, Math.ceil(bytes.length / 2));
  const tailFrom = Math.max(headTo, bytes.length - TAIL_OCTETS);
  const part = (from: number, to: number): string =>
    linesHtml(bytes.subarray(from, to), clipped(annotations, from, to));
  const between = `<i class="cut">… ${all - headTo - (bytes.length - tailFrom)} octets …</i>`;
  return `${part(0, headTo)}\n${between}\n${part(tailFrom, bytes.length)}`;
}

/** Lines as on the wire; what has no annotation is one range that says nothing. */
function linesHtml(bytes: Uint8Array, annotations: readonly Annotation[]): string {
  const plain: Annotation = {
    from: annotations.at(-1)?.to ?? 0,
    to: bytes.length,
    role: "field-value",
    text: "",
    section: "",
    severity: "info",
  };
  const lines = wireLines(bytes, [...annotations, plain]).map((line) => {
    let html = "";
    let open = "";
    for (const { text, role, severity } of line) {
      const mark = { info: "", warning: " W", error: " E" }[severity];
      const name = `${CLASSES.get(role) ?? ""}${mark}`.trim();
      if (name !== open)
        html += `${open === "" ? "" : "</i>"}${name === "" ? "" : `<i class="${name}">`}`;
      open = name;
      html += escapeHtml(text);
    }
    return open === "" ? html : `${html}</i>`;
  });
  return lines.join("\n");
}

/** What is wrong or doubtful, and the step of RFC 9112 §6.3 that decides where each message ends. */
function noteLines(key: string, { annotations }: Stream): string[] {
  const [connection, direction] = key.split(" ");
  return annotations
    .filter(({ severity, role, text, from }, i) => {
      const next = annotations[i + 1];
      const decides = role === "framing" && !(next?.role === "framing" && next.from === from);
      return text !== "" && (severity !== "info" || decides);
    })
    .map(({ from, severity, text, section }) => {
      const mark = { info: "", warning: "W", error: "E" }[severity];
      const where = `#${connection} ${direction}, octet ${from}`;
      const rule = section === "" ? "" : ` <small>${escapeHtml(section)}</small>`;
      return `<span class="at">${escapeHtml(where)}</span> <i class="${mark}">${escapeHtml(text)}</i>${rule}`;
    });
}

function octetsOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff);
}
