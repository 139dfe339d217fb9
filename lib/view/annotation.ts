/**
 * What is said of a range of octets: its role in the grammar, a sentence, the section that rules it.
 * RFC 9112, RFC 9110
 *
 * Rule of this file: the vocabulary and the list that keeps it whole. Ranges follow each other without gap or
 * overlap; what is said of a place and not of octets (a decision, an end) is a mark: a range of length 0.
 */

/** What octets are. Colours, classes of HTML and legends are chosen by it. */
export type Role =
  | "empty-line"
  | "method"
  | "target"
  | "version"
  | "status"
  | "reason"
  | "space"
  | "line-end"
  | "field-name"
  | "colon"
  | "field-value"
  | "blank"
  | "head-end"
  | "body"
  | "chunk-size"
  | "chunk-extension"
  | "chunk-data"
  | "chunk-end"
  | "last-chunk"
  | "trailer-end"
  | "tunnel"
  | "fault"
  | "unread"
  /** Marks: of length 0. */
  | "framing"
  | "message-end"
  | "missing";

/** "info": as it should be. "warning": taken here, and not by everybody. "error": refused. */
export type Severity = "info" | "warning" | "error";

/** A range of octets with its explanation. */
export interface Annotation {
  readonly from: number;
  /** The octet behind the last; equal to `from` for a mark. */
  readonly to: number;
  readonly role: Role;
  /** What there is to say in words; may be empty, where the role says all. */
  readonly text: string;
  /** As "9112 §6.3"; empty where no rule is at work. */
  readonly section: string;
  readonly severity: Severity;
  /** For parts of a field line: the field's name in lower case. */
  readonly field?: string | undefined;
}

/** What may be said beside range and role. */
export interface Note {
  readonly text?: string | undefined;
  readonly section?: string | undefined;
  readonly severity?: Severity | undefined;
  readonly field?: string | undefined;
}

/** The sections that rule the parts, where a note says no other. */
const SECTIONS: Readonly<Record<Role, string>> = {
  "empty-line": "9112 §2.2",
  method: "9110 §9.1",
  target: "9112 §3.2",
  version: "9112 §2.3",
  status: "9110 §15",
  reason: "9112 §4",
  space: "9112 §3",
  "line-end": "9112 §2.2",
  "field-name": "9110 §5.1",
  colon: "9112 §5",
  "field-value": "9110 §5.5",
  blank: "9110 §5.6.3",
  "head-end": "9112 §2.1",
  body: "9112 §6",
  "chunk-size": "9112 §7.1",
  "chunk-extension": "9112 §7.1.1",
  "chunk-data": "9112 §7.1",
  "chunk-end": "9112 §7.1",
  "last-chunk": "9112 §7.1",
  "trailer-end": "9112 §7.1.2",
  tunnel: "9110 §9.3.6",
  fault: "",
  unread: "9112 §9.3",
  framing: "9112 §6.3",
  "message-end": "9112 §6.3",
  missing: "",
};

/** Annotations as they are made, from the first octet to the last. */
export class Labels {
  readonly list: Annotation[] = [];

  /** Where the next range has to begin. */
  get end(): number {
    return this.list.at(-1)?.to ?? 0;
  }

  /** Says something of a range; an empty one is passed over. */
  add(from: number, to: number, role: Role, note: Note = {}): void {
    if (to > from) this.list.push(annotation(from, to, role, note));
  }

  /** Says something of a place. */
  mark(at: number, role: Role, note: Note): void {
    this.list.push(annotation(at, at, role, note));
  }

  /** Says an error of what is there already, from the annotation `since` on. False when nothing fits. */
  blame(since: number, fits: (one: Annotation) => boolean, note: Note): boolean {
    let found = false;
    for (const [index, one] of this.list.entries()) {
      if (index < since || !fits(one)) continue;
      this.list[index] = {
        ...one,
        ...annotation(one.from, one.to, one.role, note),
        field: one.field,
      };
      found = true;
    }
    return found;
  }
}

function annotation(from: number, to: number, role: Role, note: Note): Annotation {
  const { text = "", section = SECTIONS[role], severity = "info", field } = note;
  return { from, to, role, text, section, severity, field };
}
