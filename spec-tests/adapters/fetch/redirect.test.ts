/**
 * Redirects of fetch beside those of the platform's own.
 *
 * Rule of this file: rows as in ../fetch.test.ts.
 */
import { suite } from "uvu";
import { type Compared, TYPE_ERROR, compare, echoed, outcome, post, stream } from "./kit.ts";

const test = suite("redirects of fetch");

const redirects: readonly Compared[] = [
  ...[301, 302, 303, 307, 308].flatMap((status) =>
    ["GET", "POST", "PUT"].map(
      (method): Compared => ({
        name: `${status} after ${method}`,
        run: async (f, u) => {
          const init = method === "GET" ? {} : { method, body: "b" };
          const r = await f(`${u}/redirect/${status}?to=/echo?x`, init);
          const answer = (await r.json()) as Record<string, unknown>;
          return [answer["method"], answer["body"], r.redirected, r.url === `${u}/echo?x`];
        },
        gives:
          method === "GET" || changes(status, method)
            ? ["GET", "", true, true]
            : [method, "b", true, true],
      }),
    ),
  ),
  ...[302, 303, 307].map(
    (status): Compared => ({
      name: `${status} after a stream, which cannot be sent twice`,
      run: (f, u) => {
        const init = post(stream("ab"), { duplex: "half" });
        return outcome(
          async () => (await echoed(f(`${u}/redirect/${status}?to=/echo`, init)))["method"],
        );
      },
      gives: status === 303 ? "GET" : TYPE_ERROR,
    }),
  ),
  {
    name: "manual gives the redirect itself",
    run: async (f, u) => {
      const r = await f(`${u}/redirect/302?to=/x`, { redirect: "manual" });
      return [r.status, r.type, r.headers.get("location"), r.redirected, await r.text()];
    },
    gives: [302, "basic", "/x", false, "moved"],
  },
  {
    name: "error refuses it",
    run: (f, u) => outcome(() => f(`${u}/redirect/302?to=/x`, { redirect: "error" })),
    gives: TYPE_ERROR,
  },
  { name: "a circle", run: (f, u) => outcome(() => f(`${u}/loop`)), gives: TYPE_ERROR },
  {
    name: "to another scheme",
    run: (f, u) => outcome(() => f(`${u}/redirect/302?to=ftp://a/`)),
    gives: TYPE_ERROR,
  },
  {
    name: "to nowhere",
    run: (f, u) => outcome(() => f(`${u}/redirect/302?to=http://[`)),
    gives: TYPE_ERROR,
  },
  {
    name: "to user information elsewhere",
    run: (f, u) => outcome(() => f(`${u}/redirect/302?to=http://a:b@localhost/`)),
    gives: TYPE_ERROR,
  },
  {
    name: "credentials stay with the origin",
    run: async (f, u) => {
      const other = u.replace("127.0.0.1", "localhost");
      const headers = { Authorization: "x", Cookie: "c=1", "X-Kept": "1" };
      const show = async (to: string): Promise<unknown> => {
        const { fields } = await echoed(f(`${u}/redirect/302?to=${to}/echo`, { headers }));
        const { authorization, cookie, "x-kept": kept } = fields as Record<string, string>;
        return [authorization, cookie, kept];
      };
      return [await show(u), await show(other)];
    },
    gives: [
      ["x", "c=1", "1"],
      [undefined, undefined, "1"],
    ],
  },
];

function changes(status: number, method: string): boolean {
  return status === 303 || (status < 303 && method === "POST");
}

compare(test, redirects);

test.run();
