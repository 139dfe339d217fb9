/**
 * The short way of an answer: a little text, and nothing set but its type.
 *
 * Rule of this file: the same octets as by the long way, response-head.ts; whatever it cannot say goes there.
 */
import { allowsBody, detectContentTypeOfLatin1 } from "../semantics/mod.ts";
import type { ResponseConnection, ResponseFor } from "./response-connection.ts";
import { plainHead } from "./response-head.ts";

/**
 * Head and body as one string: what most answers are. `body` is the whole of it, one char per octet. Undefined when the answer
 * takes the long way.
 */
export function plainAnswer(
  connection: Pick<ResponseConnection<unknown>, "dateLine" | "fate">,
  request: ResponseFor,
  status: number,
  type: string | undefined,
  body: string,
): string | undefined {
  const { method, versionMinor } = request;
  if (versionMinor === 0 || method === "HEAD" || method === "CONNECT") return undefined;
  if (status < 200 || !allowsBody(status) || connection.fate() === "close") return undefined;
  const { length } = body;
  const written = type ?? detectContentTypeOfLatin1(body);
  return plainHead(status, connection.dateLine(), length, written) + body;
}
