/**
 * Where our reading of a stream and those of lenient peers part: what request smuggling is made of.
 * RFC 9112 §11.2, §11.1
 *
 * Rule of this file: it compares readings and makes none. Two readers that both take a message and end it at
 * different octets are the danger ("boundary"); a reader that refuses what another takes is none by itself
 * ("acceptance").
 */
import { FieldKind, equalsIgnoringCase, scanRequestHead, scanResponseHead } from "../wire/mod.ts";
import { WireError } from "../wire/mod.ts";
import type { CutContext, LenientCut } from "./cut.ts";
import { cutStream } from "./cut.ts";
import type { Outcome } from "./cut-line.ts";
import type { Examination, ExamineOptions } from "./examination.ts";
import { examine } from "./examine.ts";
import {
  LENIENT_NAMES,
  LENIENT_PROFILES,
  type LenientName,
  type LenientSwitches,
} from "./lenient.ts";

/** One lenient reader that departs from ours. */
export interface Disagreement {
  readonly profile: LenientName;
  /** The message in which they part, counted from 0. */
  readonly message: number;
  /** "boundary": some two readers take the message and end it at different octets. */
  readonly kind: "boundary" | "acceptance";
  readonly strict: Outcome;
  readonly lenient: Outcome;
  /** The first line of what the lenient reader takes for the next message. */
  readonly next: string | undefined;
  readonly text: string;
}

/** Every profile whose reading departs from ours, at the first message in which it does. */
export function disagreements(bytes: Uint8Array, options: ExamineOptions = {}): Disagreement[] {
  const strict = examine(bytes, options);
  const context: CutContext = {
    kind: strict.kind,
    requestMethods: options.requestMethods ?? [],
  };
  const ours = strictCuts(strict, bytes.length);
  const readings = LENIENT_NAMES.map((name) => {
    const { switches } = LENIENT_PROFILES[name];
    return { name, switches, cuts: cutStream(bytes, switches, context) };
  });
  return readings.flatMap(({ name, switches, cuts }) => {
    const message = firstDifference(ours, cuts);
    if (message === undefined) return [];
    const [own, other] = [ours[message], cuts[message]];
    if (own === undefined || other === undefined) return [];
    if (isOwnFault(bytes, other.from, switches, strict)) return [];
    const rivals = [
      own,
      ...readings.flatMap((one) => sameStart(one, message, other, bytes, strict)),
    ];
    const takes = isTaken(other.outcome);
    const kind =
      takes && rivals.some((one) => isBoundary(one.outcome, other.outcome))
        ? "boundary"
        : "acceptance";
    const next = cuts[message + 1]?.title;
    const shown = next === "" ? undefined : next;
    const text = told(name, message, own.outcome, other.outcome);
    return [
      {
        profile: name,
        message,
        kind,
        strict: own.outcome,
        lenient: other.outcome,
        next: shown,
        text,
      } as const,
    ];
  });
}

/** Do some two readers end a message at different octets? */
export function isAmbiguous(found: readonly Disagreement[]): boolean {
  return found.some(({ kind }) => kind === "boundary");
}

/** How a peer with these habits reads the stream, in the form of our own readings. */
export function lenientReading(
  bytes: Uint8Array,
  name: LenientName,
  options: ExamineOptions = {},
): readonly LenientCut[] {
  const { kind } = examine(bytes, options);
  const requestMethods = options.requestMethods ?? [];
  return cutStream(bytes, LENIENT_PROFILES[name].switches, { kind, requestMethods });
}

/** "ends at octet 52 (…)". */
export function outcomeInWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case "ends":
      return `ends it at octet ${outcome.to} (${outcome.why})`;
    case "refuses":
      return `refuses it at octet ${outcome.at} (${outcome.why})`;
    case "waits":
      return `waits for more (${outcome.why})`;
    default:
      return outcome satisfies never;
  }
}

function strictCuts({ messages, fault }: Examination, length: number): LenientCut[] {
  const cuts = messages.map(({ from, to, title, state }): LenientCut => {
    if (state === "complete")
      return { from, title, outcome: { kind: "ends", to, why: "complete" } };
    return { from, title, outcome: faultOutcome(fault, length) };
  });
  const inHead = fault !== undefined && fault.message === messages.length;
  if (!inHead) return cuts;
  return [
    ...cuts,
    { from: messages.at(-1)?.to ?? 0, title: "", outcome: faultOutcome(fault, length) },
  ];
}

function faultOutcome(fault: Examination["fault"], length: number): Outcome {
  if (fault === undefined || fault.code.startsWith("truncated-")) {
    return { kind: "waits", to: undefined, why: fault?.code ?? "" };
  }
  return { kind: "refuses", at: Math.min(fault.offset, length), why: fault.code };
}

/** The first message that the two do not read alike. */
function firstDifference(
  ours: readonly LenientCut[],
  theirs: readonly LenientCut[],
): number | undefined {
  const count = Math.min(ours.length, theirs.length);
  for (let i = 0; i < count; i++) {
    const [own, other] = [ours[i]?.outcome, theirs[i]?.outcome];
    if (own === undefined || other === undefined || !isSame(own, other)) return i;
  }
  return undefined;
}

function isSame(one: Outcome, other: Outcome): boolean {
  if (one.kind === "ends" && other.kind === "ends") return one.to === other.to;
  return one.kind === other.kind;
}

function isTaken(outcome: Outcome): boolean {
  return outcome.kind !== "refuses";
}

function isBoundary(one: Outcome, other: Outcome): boolean {
  return isTaken(one) && isTaken(other) && !isSame(one, other);
}

interface LenientReading {
  readonly name: LenientName;
  readonly switches: LenientSwitches;
  readonly cuts: readonly LenientCut[];
}

/** The cut of another lenient reader that begins where `other` does. */
function sameStart(
  { switches, cuts }: LenientReading,
  message: number,
  other: LenientCut,
  bytes: Uint8Array,
  strict: Examination,
): LenientCut[] {
  const cut = cuts[message];
  if (cut === undefined || cut.from !== other.from) return [];
  return isOwnFault(bytes, cut.from, switches, strict) ? [] : [cut];
}

/**
 * Does the reader depart from everybody else where the message leaves no doubt? A peer without chunked is wrong
 * about every chunked message: that tells of the peer, and nothing of the message.
 */
function isOwnFault(
  bytes: Uint8Array,
  from: number,
  switches: LenientSwitches,
  { kind }: Examination,
): boolean {
  if (switches.coding !== "ignored") return false;
  try {
    const head =
      kind === "request"
        ? scanRequestHead(bytes, undefined, from, bytes.length)
        : scanResponseHead(bytes, undefined, from, bytes.length);
    if (head === "need-more" || head.versionMinor === 0) return false;
    if (head.fields.has(FieldKind.contentLength)) return false;
    const values = head.fields.values(FieldKind.transferEncoding);
    return values.length === 1 && equalsIgnoringCase(values[0] ?? "", "chunked");
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return false;
  }
}

function told(name: LenientName, message: number, own: Outcome, other: Outcome): string {
  const ours = outcomeInWords(own);
  return `message ${message + 1}: barewire ${ours}; ${name} ${outcomeInWords(other)}`;
}
