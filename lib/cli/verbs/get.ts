/**
 * barewire get: asks for a URL.
 *
 * Rule of this file: its words; the call itself is in client/, shared with `request`.
 */
import { call, planOf, rawCall } from "../client/mod.ts";
import type { Io, Verb } from "../io.ts";

/** The flags that both verbs have. */
export const REQUEST_HELP = `  -H, --header 'Name: value'   a field; 'Name:' leaves out one that we would send
  -d, --data TEXT|@FILE        content of a form, makes GET a POST; several are joined by &
  -F, --form name=value|@FILE  content of a multipart form; ;type=a/b after a file
  -o, --output FILE            the content into a file, with a bar on a terminal
  -i, --include                the head before the content
  -L, --location               follow redirects, --max-redirs of them (50)
  -f, --fail                   no content and exit code 22 for 400 and above
  -k, --insecure               any certificate; --cacert FILE: those of this authority
  -m, --max-time SEC           for all of it;  --connect-timeout SEC for connecting
  -x, --proxy URL              http, https or socks5; else by the environment
      --unix PATH              connect to this socket
  -v, --verbose                heads and what happens, on stderr: * > <
      --wire  --hex            every octet both ways, coloured by its role, in place of the content
      --timing                 how long each step took, on stderr
      --json                   one object: request, redirects, response, timings
      --raw FILE               send exactly these octets and show what comes`;

const HELP = `barewire get URL [items] [flags]

items: Name:value is a field, name==value a part of the query, name=value and name:=json
members of a JSON body (which makes it a POST)

${REQUEST_HELP}

examples
  barewire get localhost:8080/notes.txt
  barewire get https://example.org/ -L -v -o page.html
  barewire get localhost:8080 --wire
  barewire get localhost:8080/search q==wire Accept:application/json
  barewire get localhost:8080 --raw request.txt --hex

exit code, as curl's: 0, 2 usage, 3 URL, 6 no such host, 7 refused, 18 partial, 22 with --fail,
28 time is over, 35 TLS, 47 redirects, 52 empty reply, 56 receiving failed, 60 certificate
`;

export const getVerb: Verb = {
  name: "get",
  summary: "ask for a URL, and see the wire",
  help: HELP,
  run: (args, io) => runCall(args, io, "GET", HELP),
};

/** What both verbs do with their arguments. */
export async function runCall(
  args: readonly string[],
  io: Io,
  method: string | undefined,
  help: string,
): Promise<number> {
  const plan = await planOf(args, method, io.version);
  if (plan === undefined) {
    await io.out.write(help);
    return 0;
  }
  return plan.raw === undefined ? call(plan, io) : rawCall(plan, plan.raw, io);
}
