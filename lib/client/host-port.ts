/**
 * "host:port" as authorities are written.
 * RFC 3986 §3.2 · Go: net.JoinHostPort
 *
 * Rule of this file: it joins and does not judge.
 */

/** The two joined, with brackets around an IPv6 address that has none; without a port the host alone. */
export function hostPort({
  host,
  port,
}: {
  readonly host: string;
  readonly port?: number | undefined;
}): string {
  const bare = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return port === undefined ? bare : `${bare}:${port}`;
}
