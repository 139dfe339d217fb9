/**
 * Where Node's parser does not see the messages that we accept: each with its section and who is right.
 *
 * Rule of this file: an entry says exactly when it applies. The list is the only way in which a difference
 * is no finding. Nearly all are refusals: Node stops where we go on, so no octet is taken for something else.
 */
import { METHODS } from "node:http";
import type { Compared } from "./kit/peer.ts";

export interface Difference {
  readonly name: string;
  readonly section: string;
  readonly why: string;
  /** `at` is the first of our messages that the peer does not have so; -1 when it has more than we do. */
  applies(compared: Compared, at: number): boolean;
}

const LINE_ENDS =
  /^(?:HPE_(?:CR_EXPECTED|LF_EXPECTED|INVALID_HEADER_TOKEN|INVALID_STATUS|STRICT)|ECONNRESET)$/;
const FRAMING =
  /^HPE_(?:INVALID_CONTENT_LENGTH|UNEXPECTED_CONTENT_LENGTH|INVALID_TRANSFER_ENCODING|CLOSED_CONNECTION)$/;
const BLANK_AFTER_LENGTH = /content-length:[ \t]*\d+ *\t/i;
const CHUNK_EXTENSION = /[0-9A-Fa-f][ \t]*;/;
const BLANK_BEFORE_EXTENSION = /[0-9A-Fa-f][ \t]+;/;
const TAB_BEHIND_CODING = /transfer-encoding:[^\n]*chunked *\t[ \t]*\r?\n/i;
const CONNECTION_UPGRADE = /\nconnection:[^\n]*upgrade/i;
const FRAMING_IN_TRAILER =
  /\n0+[ \t]*(?:;[^\n]*)?\r\n(?:[^\r\n]+\r\n)*(?:content-length|transfer-encoding|connection)[ \t]*:/i;

export const REQUEST_DIFFERENCES: readonly Difference[] = [
  {
    name: "unknown-method",
    section: "RFC 9110 §9.1",
    why: "Any token is a method. Node knows a list, and those of RTSP with that protocol alone.",
    applies: refusalOf(
      /^HPE_INVALID_(?:METHOD|CONSTANT)$/,
      (start) => !METHODS.includes(methodOf(start)),
    ),
  },
  {
    name: "preface-of-http-2",
    section: "RFC 9113 §3.4",
    why: "PRI is a method like any other until its line says HTTP/2.0. Node waits for the whole preface.",
    applies: refusalOf(/^(?:HPE_.*|end)$/, (start) => methodOf(start) === "PRI"),
  },
  {
    name: "octets-in-target",
    section: "RFC 9112 §3.2, RFC 3986 §2",
    why: "Octets from 0x80 on belong into no URI but are sent, and Go takes them. Node refuses them; so it does an absolute form that is not to its taste.",
    applies: refusalOf(/^HPE_INVALID_URL$/, (start) => !/^\S+ (?:\/[!-~]*|\*)$/.test(start)),
  },
  {
    name: "behind-upgrade",
    section: "RFC 9110 §7.8",
    why: "Who ignores an Upgrade goes on with HTTP. Node answers such a request as if it were an ordinary one, and reads nothing behind it.",
    applies: (compared, at) => {
      const isStopped = at > 0 && compared.theirs.messages.length === at;
      return isStopped && has(compared, CONNECTION_UPGRADE) && has(compared, /\nupgrade:/i);
    },
  },
  {
    name: "minor-version",
    section: "RFC 9110 §2.5",
    why: "A higher minor version is read as the highest one that is known. Node knows 0.9, 1.0, 1.1 and 2.0.",
    applies: refusal(/^HPE_INVALID_VERSION$/, / HTTP\/1\.[2-9]\r/),
  },
  {
    name: "chunk-extension",
    section: "RFC 9112 §7.1.1",
    why: "An unknown extension is to be ignored, which we do whatever it looks like, but for controls. Node wants names and closed quotes.",
    applies: refusal(/^HPE_STRICT$/, CHUNK_EXTENSION),
  },
  {
    name: "blank-before-extension",
    section: "RFC 9112 §7.1.1",
    why: "Blanks may stand around the semicolon of a chunk extension. Node does not take all of them.",
    applies: refusal(/^HPE_INVALID_CHUNK_SIZE$/, BLANK_BEFORE_EXTENSION),
  },
  {
    name: "blank-after-length",
    section: "RFC 9110 §5.5",
    why: "Blanks around a field's value are no part of it, tabs like spaces. Node refuses a tab behind the digits.",
    applies: refusal(/^HPE_INVALID_CONTENT_LENGTH$/, BLANK_AFTER_LENGTH),
  },
  {
    name: "tab-behind-coding",
    section: "RFC 9110 §5.5",
    why: "The same of a tab behind chunked: for Node it is no coding that it knows.",
    applies: refusal(/^HPE_INVALID_TRANSFER_ENCODING$/, TAB_BEHIND_CODING),
  },
  {
    name: "framing-in-trailer",
    section: "RFC 9110 §6.5.1",
    why: "Fields that frame a message count for nothing after its content. Node applies its rules for heads to trailers too.",
    applies: refusal(FRAMING, FRAMING_IN_TRAILER),
  },
  {
    name: "content-of-connect",
    section: "RFC 9110 §9.3.6",
    why: "A CONNECT request has no content; what follows its head is for the tunnel. As in Go a length that it gives all the same is read, by the rule for every request.",
    applies: ({ ours, theirs }, at) =>
      theirs.messages.length === at + 1 &&
      theirs.messages[at]?.start === ours.messages[at]?.start &&
      methodOf(ours.messages[at]?.start ?? "") === "CONNECT",
  },
];

export const RESPONSE_DIFFERENCES: readonly Difference[] = [
  {
    name: "bare-lf",
    section: "RFC 9112 §2.2",
    why: "A recipient may take a bare LF for the end of a line, and Go does so in heads of responses.",
    applies: refusal(LINE_ENDS, /(?:^|[^\r])\n/),
  },
  {
    name: "blank-before-colon",
    section: "RFC 9112 §5.1",
    why: "A server must refuse it. Who reads a response may take the blank away.",
    applies: refusal(/^HPE_INVALID_HEADER_TOKEN$/, /\n[^\r\n:]*[ \t]:/),
  },
  {
    name: "blanks-in-status-line",
    section: "RFC 9112 §4",
    why: "A recipient may part the words of the line at any blanks, and Go passes over several.",
    applies: refusal(/^HPE_INVALID_STATUS$/, /HTTP\/1\.\d {2,}/),
  },
  {
    name: "folded-field",
    section: "RFC 9112 §5.2",
    why: "A user agent must take a folded line for one with a space in it. Node refuses some.",
    applies: refusal(/^HPE_INVALID_HEADER_TOKEN$/, /\n[ \t]/),
  },
  {
    name: "length-with-coding",
    section: "RFC 9112 §6.3",
    why: "Chunked overrules a length, and nothing may follow on the connection; Go reads it so. Node refuses both together.",
    applies: refusal(
      FRAMING,
      /content-length:[^]*transfer-encoding:|transfer-encoding:[^]*content-length:/i,
    ),
  },
  {
    name: "same-length-twice",
    section: "RFC 9110 §8.6",
    why: "A recipient may take equal lengths for one, and Go does in responses.",
    applies: refusal(
      /^HPE_UNEXPECTED_CONTENT_LENGTH$/,
      /content-length:[ \t]*(\d+)[ \t]*\r?\n[^]*content-length:[ \t]*\1\b/i,
    ),
  },
  {
    name: "blank-after-length",
    section: "RFC 9110 §5.5",
    why: "As for requests.",
    applies: refusal(/^HPE_INVALID_CONTENT_LENGTH$/, BLANK_AFTER_LENGTH),
  },
  {
    name: "minor-version",
    section: "RFC 9110 §2.5",
    why: "A higher minor version is read as the highest one that is known. Node knows 0.9, 1.0, 1.1 and 2.0.",
    applies: refusal(/^HPE_INVALID_VERSION$/, /HTTP\/1\.[2-9] /),
  },
  {
    name: "framing-of-nothing",
    section: "RFC 9112 §6.3",
    why: "1xx, 204, 304 and answers to HEAD end with their heads whatever their fields say. Node reads the fields all the same and refuses those that are faulty.",
    applies: (compared, at) =>
      refusal(FRAMING, compared.method === "HEAD" ? /^/ : /HTTP\/1\.\d +(?:1\d\d|204|304)/)(
        compared,
        at,
      ),
  },
  {
    name: "coding-in-1.0",
    section: "RFC 9112 §6.1",
    why: "HTTP/1.0 has no transfer codings: the framing is faulty, and the connection closed after the message. We read it to its end, as Go does. Node takes the coding off.",
    applies: (compared) => has(compared, /HTTP\/1\.0 [^]*transfer-encoding[ \t]*:/i),
  },
  {
    name: "chunk-extension",
    section: "RFC 9112 §7.1.1",
    why: "As for requests. Node's client tells of a connection reset.",
    applies: refusal(/^(?:HPE_STRICT|ECONNRESET)$/, CHUNK_EXTENSION),
  },
  {
    name: "blank-before-extension",
    section: "RFC 9112 §7.1.1",
    why: "As for requests.",
    applies: refusal(/^(?:HPE_INVALID_CHUNK_SIZE|ECONNRESET)$/, BLANK_BEFORE_EXTENSION),
  },
  {
    name: "tab-behind-coding",
    section: "RFC 9110 §5.5",
    why: "Blanks around a field's value are no part of it, tabs like spaces. For Node chunked with a tab behind it is no coding that it knows: it reads to the end of the connection, and takes the framing for content.",
    applies: (compared, at) => {
      const { ours, theirs } = compared;
      const isLast = theirs.messages.length === at + 1;
      const isSame = theirs.messages[at]?.start === ours.messages[at]?.start;
      return isLast && isSame && has(compared, TAB_BEHIND_CODING);
    },
  },
  {
    name: "framing-in-trailer",
    section: "RFC 9110 §6.5.1",
    why: "As for requests.",
    applies: refusal(/^(?:HPE_.*|ECONNRESET)$/, FRAMING_IN_TRAILER),
  },
];

/** The peer stopped with this reason at this message of ours, and the octets hold what it minds. */
export function refusal(reason: RegExp, what: RegExp): Difference["applies"] {
  return (compared, at) => {
    const { messages, end } = compared.theirs;
    return messages.length === at && reason.test(end) && has(compared, what);
  };
}

/** As `refusal`, but it is our message's start that it minds. */
function refusalOf(reason: RegExp, test: (start: string) => boolean): Difference["applies"] {
  return ({ ours, theirs }, at) => {
    const start = ours.messages[at]?.start;
    return (
      theirs.messages.length === at && reason.test(theirs.end) && start !== undefined && test(start)
    );
  };
}

export function has({ octets }: Compared, what: RegExp): boolean {
  return what.test(Buffer.from(octets).toString("latin1"));
}

function methodOf(start: string): string {
  return start.split(" ", 1)[0] ?? "";
}
