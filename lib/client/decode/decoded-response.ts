/**
 * A response whose content coding was undone on the way.
 * RFC 9110 §8.4 · Go: transport.go readLoop (gzipReader)
 *
 * Rule of this file: what the caller sees must agree with the octets that it gets, so length and coding go.
 */
import type { Response } from "../../message/mod.ts";
import {
  type ContentDecoders,
  type DecodeOptions,
  decodableCodings,
  decodedBody,
} from "./decode.ts";

/** The same response, decoded where its coding is one of those asked for. */
export function decoded(
  response: Response,
  asked: readonly string[],
  decoders: ContentDecoders,
  options: DecodeOptions = {},
): Response {
  const codings = decodableCodings(
    response.header.values("content-encoding"),
    asked,
    options.limits?.maxContentCodings,
  );
  if (codings === undefined || response.body.length === 0) return response;
  const header = response.header.clone();
  header.delete("content-encoding");
  header.delete("content-length");
  const body = decodedBody(response.body, codings, decoders, options);
  return response.with({
    header,
    body,
    trailer: body.trailer,
    contentLength: undefined,
    uncompressed: true,
  });
}
