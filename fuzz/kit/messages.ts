/**
 * Reading whole messages, one after the other, from what a connection brings.
 * RFC 9112 §6, §9.3
 *
 * Rule of this file: it reads as a program would, and tells what it got up to the first error and the error.
 */
import { IoError, type Reader } from "../../lib/bufio/mod.ts";
import {
  MessageError,
  type Request,
  type Response,
  readRequest,
  readResponse,
} from "../../lib/message/mod.ts";
import { WireError, decodeLatin1 } from "../../lib/wire/mod.ts";
import { type Bounded, detailsOf } from "./peer.ts";

/** A message with its content, which has been read. */
export interface Whole<M> {
  readonly message: M;
  readonly content: Uint8Array;
}

/** The messages, and why there are no more: "end" after the last octet, or the code of an error. */
export interface Conversation<M> {
  readonly messages: readonly Whole<M>[];
  readonly end: string;
}

/** Requests until the one that is the last on its connection: it says so, or it asks for a tunnel. */
export function readRequests(reader: Reader): Promise<Conversation<Request>> {
  return conversation(
    () => readRequest(reader),
    (request) => request.close || request.method === "CONNECT",
  );
}

/** Responses to requests with these methods, interim ones among them, the last method repeated. */
export function readResponses(
  reader: Reader,
  methods: readonly string[],
): Promise<Conversation<Response>> {
  let answered = 0;
  return conversation(
    async () => {
      const requestMethod = methods[Math.min(answered, methods.length - 1)];
      const response = await readResponse(reader, { requestMethod });
      if (response !== undefined && !isInterim(response.status)) answered++;
      return response;
    },
    (response) => response.status === 101 || (!isInterim(response.status) && response.close),
  );
}

/** 101 is one too: its successor is no message. Go takes statuses below 100 for final ones. */
export function isInterim(status: number): boolean {
  return status >= 100 && status < 200;
}

/** The content as one char per octet. */
export function textOfContent(content: Uint8Array): string {
  return decodeLatin1(content, 0, content.length);
}

/** A request as it is held beside a peer's. */
export function boundedRequest({ message, content }: Whole<Request>): Bounded {
  const { method, target, host, header, trailer } = message;
  const details = detailsOf({ host, reason: "", header, trailer });
  return { start: `${method} ${target}`, content: textOfContent(content), details };
}

/** A response as it is held beside a peer's. */
export function boundedResponse({ message, content }: Whole<Response>): Bounded {
  const { status, statusText, header, trailer } = message;
  const details = detailsOf({ host: "", reason: statusText, header, trailer });
  return { start: String(status), content: textOfContent(content), details };
}

async function conversation<M extends Request | Response>(
  read: () => Promise<M | undefined>,
  isLast: (message: M) => boolean,
): Promise<Conversation<M>> {
  const messages: Whole<M>[] = [];
  try {
    for (;;) {
      const message = await read();
      if (message === undefined) return { messages, end: "end" };
      messages.push({ message, content: await message.body.bytes() });
      if (isLast(message)) return { messages, end: "last" };
    }
  } catch (error) {
    const ours =
      error instanceof WireError || error instanceof MessageError || error instanceof IoError;
    if (!ours) throw error;
    return { messages, end: error.code };
  }
}
