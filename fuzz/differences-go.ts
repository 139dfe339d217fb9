/**
 * Where Go's net/http does not see the messages, or the fields, that we accept: each with its section and who is
 * right. Found with Go 1.19; a newer one may see more as we do.
 *
 * Rule of this file: as in differences.ts. Fields that Go tells otherwise are put right by the rule of the
 * entry, and must be the same then.
 */
import { isForbiddenTrailer } from "../lib/wire/mod.ts";
import { type Difference, has, refusal } from "./differences.ts";
import { type Compared, type Details, detailsOf } from "./kit/peer.ts";

const UNKNOWN_CODING = refusal(
  /^(?:unsupported transfer encoding|too many transfer encodings):/,
  /\ntransfer-encoding[ \t]*:/i,
);
const FOLD = /\n[ \t]/;
const BLANKS = /(?:^|\n)HTTP\/1\.\d +\d{3} {2,}/;
const CLOSE = /\nconnection[ \t]*:(?:[^\n]|\n[ \t])*\bclose\b/i;
const LATE_COLON_OF_TRAILER = /\ntrailer[ \t]+:/i;
const PRAGMA = /\npragma[ \t]*:[ \t]*no-cache/i;

const BLANK_BEFORE_EXTENSION: Difference = {
  name: "blank-before-extension",
  section: "RFC 9112 §7.1.1",
  why: "Blanks may stand around the semicolon of a chunk extension. Go takes none before it.",
  applies: refusal(/^invalid byte in chunk length$/, /\n[0-9A-Fa-f]+[ \t]+;/),
};

export const GO_REQUEST_DIFFERENCES: readonly Difference[] = [
  {
    name: "empty-line-before-request",
    section: "RFC 9112 §2.2",
    why: "A server should pass over an empty line before a request, and we pass over two. Go refuses it.",
    applies: refusal(/^malformed HTTP request ""$/, /(?:^|\r\n)\r\n/),
  },
  {
    name: "escape-in-authority",
    section: "RFC 3986 §3.2.2",
    why: "A name of a host may hold any octet as an escape. Go takes only those above 0x7F.",
    applies: refusal(/invalid URL escape/, /(?:CONNECT |:\/\/)[^\s/?]*%[0-7]/),
  },
  {
    name: "escape-resolved",
    section: "RFC 3986 §6.2.2.2",
    why: "The authority of a target is told as it came. Go puts octets from 0x80 on, and a percent sign, in the place of their escapes.",
    applies: details(/(?:CONNECT |:\/\/)[^\s/?]*%(?:[89A-Fa-f]|25)/),
  },
  BLANK_BEFORE_EXTENSION,
  {
    name: "framing-in-trailer",
    section: "RFC 9110 §6.5.1",
    why: "Fields that frame a message, or say who asks, count for nothing after its content, so nobody is given them. Go gives them all.",
    applies: details(/\n0+[ \t]*(?:;[^\n]*)?\r\n[^\r\n]/),
  },
  {
    name: "pragma",
    section: "RFC 9111 §5.4",
    why: "A cache takes Pragma: no-cache for Cache-Control: no-cache. Go adds that field itself; we tell what was sent.",
    applies: details(PRAGMA),
  },
];

export const GO_RESPONSE_DIFFERENCES: readonly Difference[] = [
  {
    name: "framing-of-nothing",
    section: "RFC 9112 §6.3",
    why: "1xx, 204, 304 and answers to HEAD end with their heads whatever their fields say. Go refuses codings that it does not know there, too.",
    applies: (compared, at) => hasNoContent(compared, at) && UNKNOWN_CODING(compared, at),
  },
  BLANK_BEFORE_EXTENSION,
  {
    name: "folded-field",
    section: "RFC 9112 §5.2, RFC 9110 §5.5",
    why: "Blanks around a value are no part of it, and a folded line stands for one or more. Go has one for each line, at the end of the value too.",
    applies: details(FOLD),
  },
  {
    name: "connection-with-close",
    section: "RFC 9110 §7.6.1",
    why: "Go drops the whole field when one of its options is close. We drop it when it says nothing else.",
    applies: details(CLOSE),
  },
  {
    name: "blank-before-colon",
    section: "RFC 9112 §5.1",
    why: "A blank there is no part of the name: who reads a response takes it away. Go keeps it in the name.",
    applies: details(/\n[^\r\n:]*[ \t]:/),
  },
  {
    name: "blanks-in-status-line",
    section: "RFC 9112 §4",
    why: "A recipient may part the words of the line at any blanks. Go does so before the status only.",
    applies: details(BLANKS),
  },
  {
    name: "framing-in-trailer",
    section: "RFC 9110 §6.5.1",
    why: "As for requests.",
    applies: details(/\n0+[ \t]*(?:;[^\n]*)?\r?\n[^\r\n]/),
  },
  { name: "pragma", section: "RFC 9111 §5.4", why: "As for requests.", applies: details(PRAGMA) },
];

function hasNoContent({ method, ours }: Compared, at: number): boolean {
  return method === "HEAD" || /^(?:1\d\d|204|304)$/.test(ours.messages[at]?.start ?? "");
}

/** The message is the same but for its details, the octets hold what explains it, and put right they are equal. */
function details(what: RegExp): Difference["applies"] {
  return (compared, at) => {
    const [our, their] = [compared.ours.messages[at], compared.theirs.messages[at]];
    if (our?.details === undefined || their?.details === undefined) return false;
    const isSame = our.start === their.start && our.content === their.content;
    if (!isSame || !has(compared, what)) return false;
    const [ours, theirs] = [
      JSON.parse(our.details) as Details,
      JSON.parse(their.details) as Details,
    ];
    return (
      detailsOf(levelled(ours, compared)) ===
      detailsOf(levelled(righted(theirs, compared), compared))
    );
  };
}

/** Told as we tell it. All rules at once: a message may have several of these differences. */
function righted({ host, reason, header, trailer }: Details, compared: Compared): Details {
  const isAdded = has(compared, PRAGMA) && !has(compared, /\ncache-control/i);
  return {
    host,
    reason,
    header: [...header]
      .map(([name, value]) => [trimmed(name), trimmed(value)] as const)
      .filter(([name]) => !(isAdded && name === "cache-control")),
    trailer: [...trailer].filter(([name]) => !isForbiddenTrailer(name)),
  };
}

/**
 * Without what readers may tell as they like: how many blanks a folded line stands for, those before a
 * reason, escapes in a host, a Connection that says close, which both of us act on, and a Trailer with blanks behind
 * its name, on which only we act.
 */
function levelled(all: Details, compared: Compared): Details {
  const isFolded = has(compared, FOLD);
  const header = [...all.header]
    .filter(([name]) => name !== "connection" || !has(compared, CLOSE))
    .filter(([name]) => name !== "trailer" || !has(compared, LATE_COLON_OF_TRAILER))
    .map(([name, value]) => [name, isFolded ? value.replace(/[ \t]+/g, " ") : value] as const)
    // Names that Go tells apart have no order among each other.
    .toSorted(([, a], [, b]) => (a < b ? -1 : Number(a > b)));
  const reason = has(compared, BLANKS) ? trimmed(all.reason) : all.reason;
  const host = all.host.replace(/%(?:[89a-f][0-9a-f]|25)/gi, (escape) =>
    String.fromCharCode(Number(`0x${escape.slice(1)}`)),
  );
  return { ...all, host, reason, header };
}

function trimmed(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, "");
}
