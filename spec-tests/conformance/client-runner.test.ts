/**
 * The client runner: clients made for the test, right and wrong ones, against the scripted server.
 *
 * Rule of this file: real sockets, since what a client does with its connection is judged; no client of ours.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type ClientCase,
  type ClientOutcome,
  CLIENT_CASES,
  type ClientReport,
  type ClientTask,
  type RunReport,
  runClientCases,
} from "../../lib/conformance/mod.ts";
import { dial } from "../../lib/net/mod.ts";
import { WireClient } from "../../lib/testing/mod.ts";
import { withDeadline } from "../kit.ts";
import { verdicts } from "./fixtures.ts";

const test = suite("the client runner");

/** A case with one answer, which takes a success with this output. */
function caseOf(id: string, row: Partial<ClientCase> = {}): ClientCase {
  return {
    id,
    role: "client",
    level: "MUST",
    topic: "test",
    title: `the case ${id}`,
    rationale: "Made for a test of the runner.",
    ask: { do: "get" },
    answers: [{ acts: [{ do: "send", text: OK }] }],
    outcomes: [{ class: "conforming", exit: "ok", output: { equals: "ok" } }],
    ...row,
  };
}

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

async function run(
  cases: readonly ClientCase[],
  exec: (task: ClientTask) => Promise<ClientReport | "cannot">,
): Promise<RunReport> {
  const options = { stepTimeoutMs: 300, caseTimeoutMs: 700, repeats: 0 };
  return runClientCases(cases, { name: "a client", exec }, options);
}

/** Connects, sends these octets, and gives what the function reads until the client is done. */
async function raw(
  url: string,
  text: (target: string, host: string) => string,
  use: (client: WireClient) => Promise<ClientReport>,
): Promise<ClientReport> {
  const { hostname, port, pathname, host } = new URL(url);
  const client = new WireClient(await dial({ host: hostname, port: +port }));
  client.send(text(pathname, host));
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

const simple = (target: string, host: string): string =>
  `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;

/** Takes what follows the head as content, and believes everything. */
async function believe({ urls: [url = ""] }: ClientTask): Promise<ClientReport> {
  return raw(url, simple, async (client) => {
    await client.readUntil("\r\n\r\n", 2000);
    await client.until((c) => c.end !== "open" || c.text.endsWith("ok"), 2000);
    return { exit: 0, output: client.text.slice(client.text.indexOf("\r\n\r\n") + 4) };
  });
}

test(
  "a good client passes; one that believes a cut answer fails the case about that",
  withDeadline(5000, async () => {
    const cut = caseOf("cut", {
      answers: [
        {
          acts: [
            { do: "send", text: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok" },
            { do: "close" },
          ],
        },
      ],
      outcomes: [{ class: "conforming", exit: "error" }],
    });
    const report = await run([caseOf("good"), cut], believe);
    assert.equal(verdicts(report), { good: "pass", cut: "fail" });
    assert.match(
      report.results[1]?.message ?? "",
      /^expected an error; seen exit code 0, output "ok", 1 requests/,
    );
    assert.is(report.role, "client");
  }),
);

test(
  "what was sent is judged: request, connections, octets behind it, who has ended",
  withDeadline(5000, async () => {
    const sent = caseOf("sent", {
      outcomes: [
        {
          class: "conforming",
          requests: 1,
          connections: { max: 1 },
          excess: "none",
          ended: "client",
          sent: [
            {
              nth: 0,
              method: "GET",
              target: "{path}",
              fields: [{ name: "Host", equals: "{host}" }],
            },
          ],
        },
      ],
    });
    assert.equal(verdicts(await run([sent], believe)), { sent: "pass" });
    const excess = await run([sent], async ({ urls: [url = ""] }) =>
      raw(
        url,
        (target, host) => `${simple(target, host)}\r\n`,
        async (client) => {
          await client.readUntil("ok", 2000);
          return { exit: 0, output: "ok" };
        },
      ),
    );
    assert.match(excess.results[0]?.message ?? "", /some octets behind the last request/);
    const other = await run([sent], async ({ urls: [url = ""] }) =>
      raw(
        url,
        (target, host) => simple(target, `x${host}`),
        async (client) => {
          await client.readUntil("ok", 2000);
          return { exit: 0, output: "ok" };
        },
      ),
    );
    assert.match(other.results[0]?.message ?? "", /request 0: Host: x127\.0\.0\.1/);
  }),
);

test(
  "name and password stand in the address, the other name in the answer, the first field is judged",
  withDeadline(5000, async () => {
    const seen: string[] = [];
    const named = caseOf("named", {
      ask: { do: "get", user: "user:secret" },
      answers: [{ acts: [{ do: "send", text: "{other}" }, { do: "close" }] }],
      outcomes: [
        {
          class: "conforming",
          output: { equals: "{other}" },
          sent: [{ nth: 0, firstField: "HOST" }],
        },
      ],
    });
    const ask = async ({ urls: [url = ""] }: ClientTask): Promise<ClientReport> => {
      seen.push(new URL(url).username, new URL(url).password);
      return raw(url, simple, async (client) => {
        await client.ended(2000);
        return { exit: 0, output: client.text };
      });
    };
    assert.equal(verdicts(await run([named], ask)), { named: "pass" });
    assert.equal(seen, ["user", "secret"]);
    const last = caseOf("named", {
      outcomes: [{ class: "conforming", sent: [{ nth: 0, firstField: "Accept" }] }],
    });
    const report = await run([last], ask);
    assert.match(report.results[0]?.message ?? "", /first field host/);
  }),
);

test(
  "a client that does not end is judged at the deadline, and told to end",
  withDeadline(5000, async () => {
    const told: string[] = [];
    const hang = caseOf("hang", { outcomes: [{ class: "conforming", exit: "hang" }] });
    const report = await run([hang, caseOf("ends")], async (task) => {
      task.signal.addEventListener("abort", () => told.push(task.urls[0] ?? ""));
      return new Promise(() => {});
    });
    assert.equal(verdicts(report), { hang: "pass", ends: "fail" });
    assert.is(told.length, 2);
  }),
);

test(
  "answers go by path, else in order; what is not in the script is a 404",
  withDeadline(5000, async () => {
    const routed = caseOf("routed", {
      ask: { do: "get-twice", second: "/b" },
      answers: [
        {
          path: "/b",
          acts: [{ do: "send", text: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb" }],
        },
        { acts: [{ do: "send", text: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na" }] },
      ],
      outcomes: [
        { class: "conforming", output: { equals: "b,a,404" }, requests: 3, connections: 3 },
      ],
    });
    const report = await run([routed], async ({ urls: [first = "", second = ""] }) => {
      const outputs: string[] = [];
      for (const url of [second, first, first]) {
        const one = await raw(url, simple, async (client) => {
          await client.readUntil("\r\n\r\n", 2000);
          await client.until((c) => /404|[ab]$/.test(c.text), 2000);
          return { exit: 0, output: client.text.includes(" 404 ") ? "404" : client.text.slice(-1) };
        });
        outputs.push(one.output);
      }
      return { exit: 0, output: outputs.join(",") };
    });
    assert.equal(verdicts(report), { routed: "pass" });
  }),
);

test(
  "acts: a greeting, octets one by one, content read late, a dribble, a half-close, a reset",
  withDeadline(5000, async () => {
    const post = caseOf("post", {
      ask: { do: "post", content: "hello" },
      greeting: [{ do: "send", text: "G" }],
      answers: [
        {
          after: "head",
          acts: [
            { do: "send", text: "H", cut: "octets" },
            { do: "read-content" },
            { do: "dribble", text: "D", everyMs: 1 },
            { do: "half-close" },
          ],
        },
      ],
      outcomes: [
        {
          class: "conforming",
          output: { equals: "GHD" },
          ended: "server",
          sent: [{ nth: 0, method: "POST", content: { equals: "hello" } }],
        },
      ],
    });
    const reset = caseOf("reset", {
      answers: [{ acts: [{ do: "reset" }] }],
      outcomes: [{ class: "conforming", output: { equals: "reset" } }],
    });
    const report = await run([post, reset], async ({ ask, urls: [url = ""], content = "" }) => {
      const head = (target: string): string =>
        `${ask === "post" ? "POST" : "GET"} ${target} HTTP/1.1\r\nContent-Length: ${content.length}\r\n\r\n`;
      return raw(url, head, async (client) => {
        if (ask === "post") {
          await client.readUntil("GH", 2000);
          client.send(content);
        }
        const end = await client.ended(2000);
        return { exit: 0, output: client.text === "" ? end : client.text };
      });
    });
    assert.equal(verdicts(report), { post: "pass", reset: "pass" });
  }),
);

test(
  "a task that the client cannot do makes its case not applicable",
  withDeadline(5000, async () => {
    const report = await run([caseOf("a")], async () => "cannot");
    assert.equal(verdicts(report), { a: "not-applicable" });
  }),
);

test(
  "a client that reports errors and does nothing else passes what asks for an error and for nothing else",
  withDeadline(20_000, async () => {
    const report = await run(CLIENT_CASES, async () => NOTHING);
    const passed = report.results.filter(({ verdict }) => verdict === "pass").map(({ id }) => id);
    const refusable = CLIENT_CASES.filter(({ outcomes }) => outcomes.some(asksForAnErrorOnly));
    assert.equal(
      passed,
      refusable.map(({ id }) => id),
    );
  }),
);

function asksForAnErrorOnly(outcome: ClientOutcome): boolean {
  const { class: is, exit = "error", output, requests = 0, sent } = outcome;
  const least = typeof requests === "number" ? requests : (requests.min ?? 0);
  const takesNone = output === undefined || "lacks" in output;
  return is === "conforming" && exit === "error" && takesNone && least === 0 && sent === undefined;
}

const NOTHING: ClientReport = { exit: 1, output: "" };

test.run();
