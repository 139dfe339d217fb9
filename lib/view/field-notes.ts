/**
 * Where the fields that everybody meets are described.
 * RFC 9110, RFC 9111, RFC 9112, RFC 6265
 *
 * Rule of this file: names and sections; what a value means is said where framing is explained.
 */

/** The section of a field (its name in lower case), or that of fields in general. */
export function fieldSection(lowerName: string): string {
  return FIELD_SECTIONS.get(lowerName) ?? "9110 §5.1";
}

const FIELD_SECTIONS: ReadonlyMap<string, string> = new Map([
  ["accept", "9110 §12.5.1"],
  ["accept-charset", "9110 §12.5.2"],
  ["accept-encoding", "9110 §12.5.3"],
  ["accept-language", "9110 §12.5.4"],
  ["accept-ranges", "9110 §14.3"],
  ["age", "9111 §5.1"],
  ["allow", "9110 §10.2.1"],
  ["authorization", "9110 §11.6.2"],
  ["cache-control", "9111 §5.2"],
  ["connection", "9110 §7.6.1"],
  ["content-encoding", "9110 §8.4"],
  ["content-language", "9110 §8.5"],
  ["content-length", "9110 §8.6"],
  ["content-location", "9110 §8.7"],
  ["content-range", "9110 §14.4"],
  ["content-type", "9110 §8.3"],
  ["cookie", "6265 §5.4"],
  ["date", "9110 §6.6.1"],
  ["etag", "9110 §8.8.3"],
  ["expect", "9110 §10.1.1"],
  ["expires", "9111 §5.3"],
  ["from", "9110 §10.1.2"],
  ["host", "9110 §7.2"],
  ["if-match", "9110 §13.1.1"],
  ["if-modified-since", "9110 §13.1.3"],
  ["if-none-match", "9110 §13.1.2"],
  ["if-range", "9110 §13.1.5"],
  ["if-unmodified-since", "9110 §13.1.4"],
  ["last-modified", "9110 §8.8.2"],
  ["location", "9110 §10.2.2"],
  ["max-forwards", "9110 §7.6.2"],
  ["pragma", "9111 §5.4"],
  ["proxy-authenticate", "9110 §11.7.1"],
  ["proxy-authorization", "9110 §11.7.2"],
  ["range", "9110 §14.2"],
  ["referer", "9110 §10.1.3"],
  ["retry-after", "9110 §10.2.3"],
  ["server", "9110 §10.2.4"],
  ["set-cookie", "6265 §4.1"],
  ["te", "9110 §10.1.4"],
  ["trailer", "9110 §6.6.2"],
  ["transfer-encoding", "9112 §6.1"],
  ["upgrade", "9110 §7.8"],
  ["user-agent", "9110 §10.1.5"],
  ["vary", "9110 §12.5.5"],
  ["via", "9110 §7.6.3"],
  ["www-authenticate", "9110 §11.6.1"],
]);
