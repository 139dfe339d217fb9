/**
 * Fuzz target: a whole call of a client over a pipe, whose server answers with these octets, cut anywhere, with
 * pauses between the pieces where they are few.
 * RFC 9112 §9
 *
 * Rule of this file: the same outcome for every cut, cookies and further requests included, and every request
 * that went out can be read. How many octets there are chooses what is asked, and whether the server then ends
 * its side or says nothing more.
 */
import { Reader } from "../../lib/bufio/mod.ts";
import { type Request, newRequest, readResponse } from "../../lib/message/mod.ts";
import { settle } from "../../lib/testing/mod.ts";
import { encodeLatin1 } from "../../lib/wire/mod.ts";
import { joined } from "../bytes.ts";
import type { Target } from "../harness.ts";
import { World, outcomeOf } from "../kit/ask.ts";
import { isInterim, readRequests } from "../kit/messages.ts";
import { MESSAGE_WORDS } from "../kit/words.ts";

/** So many pieces are told apart by time too; more only by where they were cut. */
const PAUSES_MAX = 6;
const URL_ASKED = "http://a.example/x/y?z";

const ASKED: readonly (() => Request)[] = [
  () => newRequest("GET", URL_ASKED),
  () => newRequest("HEAD", URL_ASKED),
  () => newRequest("POST", URL_ASKED, "abc"),
  () => newRequest("GET", URL_ASKED, undefined, { header: { Authorization: "Basic YTpi" } }),
  () => newRequest("PUT", URL_ASKED, "abc", { header: { Cookie: "own=1" } }),
];

export const target: Target = {
  seeds: [
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=1\r\n\r\nhi",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n",
    "HTTP/1.0 200 OK\r\nSet-Cookie: b=2; Path=/; Domain=a.example\r\n\r\nto the end",
    "HTTP/1.1 302 Found\r\nLocation: http://b.example/z\r\nContent-Length: 0\r\nSet-Cookie: c=3\r\n\r\n",
    "HTTP/1.1 307 x\r\nLocation: ../w#f\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody",
    "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret",
    "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nmore",
  ],
  words: [
    ...MESSAGE_WORDS,
    "HTTP/1.1 302 Found\r\n",
    "HTTP/1.1 308 x\r\n",
    "Location: ",
    "http://b.example/",
    "//c.example",
    "https://a.example",
    "Set-Cookie: ",
    "Location: /q\r\nContent-Length: 0\r\n\r\n",
  ],
  vectors: {
    files: /^(?:attacks-responses|go-readresponse|goclient-)/,
    keys: ["raw", "wire"],
  },
  async run(pieces) {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const world = new World();
    const request = ASKED[length % ASKED.length]!();
    const call = outcomeOf(world, request);
    await settle(2);
    for (const send of pieces) {
      await world.play({ send });
      if (pieces.length <= PAUSES_MAX) await world.play("pause");
    }
    await settle(1);
    if (length % 2 === 0) await world.play("finish");
    const first = await world.ended(call);
    const second = await world.ended(outcomeOf(world, newRequest("GET", "http://a.example/2")));
    await world.mustBeClean();
    const sent = await sentOf(world);
    // What comes behind a redirect ends the connection if it is there at once, and answers the next request on it if
    // not: nobody could tell them apart, and the cuts do differ.
    if (await comesBehindRedirect(joined(...pieces), request.method)) return "behind a redirect";
    return JSON.stringify([first, second, sent, world.interim, world.jar.toJSON()]);
  },
};

/** Do octets follow a redirect that keeps its connection? */
async function comesBehindRedirect(octets: Uint8Array, requestMethod: string): Promise<boolean> {
  const reader = Reader.of(octets);
  try {
    for (;;) {
      const response = await readResponse(reader, { requestMethod });
      if (response === undefined) return false;
      await response.body.bytes();
      if (isInterim(response.status)) continue;
      return isRedirect(response.status) && !response.close && reader.buffered > 0;
    }
  } catch {
    return false;
  }
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** What went out on each connection: requests, and nothing besides. */
async function sentOf({ servers }: World): Promise<unknown> {
  const sent: unknown[] = [];
  for (const { text } of servers) {
    const { messages, end } = await readRequests(Reader.of(encodeLatin1(text)));
    const isWhole = end === "end" || end === "last";
    if (!isWhole) throw new Error(`unreadable (${end}): ${text}`);
    sent.push(messages.map(({ message }) => `${message.method} ${message.host} ${message.target}`));
    mustNotCarry(text);
  }
  return [sent, servers.map(({ text }) => text)];
}

/** Credentials of the caller are for its host alone. */
function mustNotCarry(text: string): void {
  const isTheirs = /\r\nHost: (?:[^\r\n]*\.)?a\.example(?::\d+)?\r\n/i.test(text);
  const isSecret = /\r\n(?:authorization: Basic YTpi|cookie: .*\bown=1)/i.test(text);
  if (isSecret && !isTheirs) throw new Error(`credentials for another host: ${text}`);
}
