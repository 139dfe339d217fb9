/**
 * The runner: verdicts, repetition, selection of what applies, expectations, and peers that hang, cut or lie.
 *
 * Rule of this file: fake servers over a pipe; real sockets where what is tested is a socket's.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type CaseResult,
  Expectations,
  type RunReport,
  runServerCases,
  SERVER_CASES,
  type ServerCase,
  type ServerRunOptions,
} from "../../lib/conformance/mod.ts";
import { listen } from "../../lib/net/mod.ts";
import { WireClient } from "../../lib/testing/mod.ts";
import { rejects, withDeadline } from "../kit.ts";
import { answering, BAD, caseOf, dialTo, OK, type Serve, verdicts } from "./fixtures.ts";

const test = suite("the runner");

const TARGET = { host: "peer.example", port: 80 };

async function run(
  cases: readonly ServerCase[],
  serve: Serve,
  options: ServerRunOptions = {},
): Promise<RunReport> {
  return runServerCases(cases, TARGET, {
    dial: dialTo(serve),
    contract: 0,
    stepTimeoutMs: 60,
    ...options,
  });
}

/** Good answers, but for the case whose id is in the head. */
function except(answers: Readonly<Record<string, (nth: number) => string>>): Serve {
  const seen = new Map<string, number>();
  return answering((head) => {
    const id = /X-Case: (\S+)/.exec(head)?.[1] ?? "";
    const nth = seen.get(id) ?? 0;
    seen.set(id, nth + 1);
    return answers[id]?.(nth) ?? OK;
  });
}

test(
  "each class at each level has its verdict, and only what the strictness says counts",
  withDeadline(5000, async () => {
    const outcome = (
      level: ServerCase["level"],
      is: "conforming" | "tolerated" | "violation",
    ): ServerCase =>
      caseOf(`${level}.${is}`, {
        level,
        steps: [
          { do: "send", text: "GET / HTTP/1.1\r\n\r\n" },
          { do: "expect", outcomes: [{ class: is, seen: "response" }] },
        ],
      });
    const cases = (["MUST", "SHOULD", "MAY"] as const).flatMap((level) =>
      (["conforming", "tolerated", "violation"] as const).map((is) => outcome(level, is)),
    );
    const report = await run(
      cases,
      answering(() => OK),
    );
    assert.equal(verdicts(report), {
      "MUST.conforming": "pass",
      "MUST.tolerated": "tolerated",
      "MUST.violation": "fail",
      "SHOULD.conforming": "pass",
      "SHOULD.tolerated": "tolerated",
      "SHOULD.violation": "fail",
      "MAY.conforming": "pass",
      "MAY.tolerated": "info",
      "MAY.violation": "info",
    });
    assert.is(report.failures, 1);
    const strict = await run(
      cases,
      answering(() => OK),
      { strictness: "should" },
    );
    assert.is(strict.failures, 2);
    assert.equal(report.counts, {
      pass: 3,
      tolerated: 2,
      info: 2,
      fail: 2,
      "not-applicable": 0,
      flaky: 0,
      known: 0,
    });
  }),
);

test(
  "a failure that does not come back is flaky, one that stays is a failure",
  withDeadline(5000, async () => {
    const serve = except({ a: (nth) => (nth === 0 ? BAD : OK), b: () => BAD });
    const report = await run([caseOf("a"), caseOf("b"), caseOf("c")], serve);
    assert.equal(verdicts(report), { a: "flaky", b: "fail", c: "pass" });
    assert.equal(
      report.results.map(({ attempts }) => attempts.length),
      [3, 3, 1],
    );
    assert.match(report.results[0]?.message ?? "", /in 3 plays: violation, conforming, conforming/);
    assert.is(report.failures, 2);
  }),
);

test(
  "a reset in place of a response is looked at again, and what it hid decides",
  withDeadline(5000, async () => {
    const tolerant = (id: string): ServerCase =>
      caseOf(id, {
        steps: [
          ...caseOf(id).steps.slice(0, 1),
          {
            do: "expect",
            outcomes: [
              { class: "conforming", seen: "response", status: [200] },
              { class: "tolerated", seen: "end" },
            ],
          },
        ],
      });
    const serve = except({
      hidden: (nth) => (nth === 0 ? "reset" : OK),
      worse: (nth) => (nth === 0 ? "reset" : BAD),
      always: () => "reset",
      ends: () => "|close",
    });
    const report = await run(["hidden", "worse", "always", "ends"].map(tolerant), serve);
    assert.equal(
      report.results.map(({ verdict, attempts }) => [verdict, attempts.join(" ")]),
      [
        ["pass", "tolerated conforming"],
        ["flaky", "tolerated violation"],
        ["tolerated", "tolerated tolerated tolerated"],
        ["tolerated", "tolerated"],
      ],
    );
  }),
);

test(
  "failures are repeated alone, when nothing else is running",
  withDeadline(5000, async () => {
    let open = 0;
    const during: number[] = [];
    const serve: Serve = async (peer) => {
      open += 1;
      try {
        const head = await peer.readUntil("\r\n\r\n", 3000);
        if (head.includes("X-Case: bad")) during.push(open);
        peer.send(head.includes("X-Case: bad") ? BAD : OK);
        await peer.ended(3000);
      } finally {
        open -= 1;
      }
    };
    await run([caseOf("bad"), ...["a", "b", "c", "d"].map((id) => caseOf(id))], serve);
    assert.equal(during.slice(1), [1, 1]);
  }),
);

test(
  "a peer that hangs, cuts or talks nonsense is a verdict with its reason, not an error",
  withDeadline(5000, async () => {
    const serve = except({
      hang: () => "",
      cut: () => "reset",
      end: () => "|close",
      half: () => "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe|close",
      slow: () => "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe",
      noise: () => "<html>",
    });
    const ids = ["hang", "cut", "end", "half", "slow", "noise"];
    const report = await run(
      ids.map((id) => caseOf(id)),
      serve,
      { repeats: 0 },
    );
    assert.equal(
      report.results.map(({ id, verdict, message }) => [
        id,
        verdict,
        message.replace(/^.*; seen /, ""),
      ]),
      [
        ["hang", "fail", "nothing before the deadline"],
        ["cut", "fail", "a reset"],
        ["end", "fail", "the end of the connection"],
        ["half", "fail", "the connection ended within a response"],
        ["slow", "fail", "a response that is not complete at the deadline"],
        ["noise", "fail", "no status line"],
      ],
    );
  }),
);

test(
  "the connection's fate is judged apart: open by a further answer, closed by its end, else stalled",
  withDeadline(5000, async () => {
    const fated = (id: string): ServerCase =>
      caseOf(id, { connection: { open: "violation", closed: "conforming" } });
    let probes = 0;
    const serve = answering((head) => {
      if (head.includes("X-Case: closed")) return `${OK}|close`;
      if (head.includes("X-Case: twice")) return OK + OK;
      if (head.includes("X-Case:")) return OK;
      probes += 1;
      return probes === 1 ? OK : probes === 2 ? OK : "";
    });
    const report = await run(
      [fated("open"), fated("twice"), fated("closed"), fated("stalled")],
      serve,
      {
        repeats: 0,
        concurrency: 1,
      },
    );
    assert.equal(
      report.results.map(({ id, fate, verdict }) => [id, fate, verdict]),
      [
        ["open", "open", "fail"],
        ["twice", "open", "fail"],
        ["closed", "closed", "pass"],
        ["stalled", "stalled", "fail"],
      ],
    );
  }),
);

test(
  "an answer that says close is waited on, and no further request is sent",
  withDeadline(5000, async () => {
    const heads: string[] = [];
    const serve = answering((head) => {
      heads.push(head);
      return head.includes("X-Case") ? BAD : OK;
    });
    const steps = [
      caseOf("x").steps[0],
      { do: "expect", outcomes: [{ class: "conforming", seen: "response", status: [400] }] },
    ] as ServerCase["steps"];
    const one = caseOf("x", {
      steps,
      connection: { open: "violation", closed: "conforming", stalled: "tolerated" },
    });
    const report = await run([one], serve);
    assert.is(report.results[0]?.fate, "stalled");
    assert.is(
      heads.filter((head) => !head.includes("X-Case")).length,
      1,
      "only the one before the run",
    );
  }),
);

test(
  "what the peer does not send, does not keep or is not spoken to over is not applicable",
  withDeadline(5000, async () => {
    const needsTag = caseOf("tag", {
      steps: [{ do: "send", text: "{field:etag}" }, ...caseOf("x").steps],
    });
    const cases = [needsTag, caseOf("two", { contract: 2 }), caseOf("tls", { transport: "tls" })];
    const report = await run(
      cases,
      answering(() => OK),
    );
    assert.equal(verdicts(report), {
      tag: "not-applicable",
      two: "not-applicable",
      tls: "not-applicable",
    });
    assert.equal(
      report.results.slice(1).map(({ message }) => message),
      ["needs contract 2", "only over tls"],
    );
  }),
);

test(
  "the contract is found out by asking",
  withDeadline(5000, async () => {
    const { contract: _, ...rest } = { contract: 0 as const };
    const found = async (serve: Serve): Promise<unknown> =>
      (await runServerCases([], TARGET, { dial: dialTo(serve), stepTimeoutMs: 60, ...rest }))
        .contract;
    assert.is(await found(answering(() => OK)), 0);
    const echo = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    assert.is(await found(answering((head) => (head.startsWith("POST /echo") ? echo : OK))), 1);
    const json = JSON.stringify({ method: "POST", target: "/parse", body: "hello" });
    const parse = `HTTP/1.1 200 OK\r\nContent-Length: ${json.length}\r\n\r\n${json}`;
    assert.is(
      await found(
        answering((head) => (head.includes("/parse") ? parse : head.includes("/echo") ? echo : OK)),
      ),
      2,
    );
  }),
);

test(
  "known failures are told with their reason, and a known failure that passes is pointed out",
  withDeadline(5000, async () => {
    const expectations = new Expectations([
      { id: "a", reason: "will be mended" },
      { id: "b", reason: "was mended" },
    ]);
    const report = await run([caseOf("a"), caseOf("b")], except({ a: () => BAD }), {
      expectations,
    });
    assert.equal(verdicts(report), { a: "known", b: "pass" });
    assert.is(report.results[0]?.reason, "will be mended");
    assert.equal(report.unexpectedPasses, ["b"]);
    assert.is(report.failures, 0);
  }),
);

test(
  "steps: octets one by one, half-close, silence, interim responses, another connection",
  withDeadline(5000, async () => {
    const serve: Serve = async (peer, nth) => {
      const head = await peer.readUntil("\r\n\r\n", 3000);
      if (head.includes("X-Case: interim")) peer.send(`HTTP/1.1 100 Continue\r\n\r\n${OK}`);
      else if (head.includes("X-Case: half")) {
        await peer.ended(3000);
        peer.send(OK);
        peer.close();
      } else peer.send(head.includes("X-Case: pieces") && peer.pieces.length < 20 ? BAD : OK);
      assert.ok(nth >= 0);
    };
    const head = (id: string): string => `GET / HTTP/1.1\r\nX-Case: ${id}\r\n\r\n`;
    const ok = {
      do: "expect",
      outcomes: [{ class: "conforming", seen: "response", status: [200] }],
    } as const;
    const cases = [
      caseOf("pieces", { steps: [{ do: "send", text: head("pieces"), cut: "octets" }, ok] }),
      caseOf("half", {
        steps: [
          { do: "send", text: head("half") },
          { do: "expect-nothing", ms: 20, otherwise: "violation" },
          { do: "half-close" },
          ok,
        ],
      }),
      caseOf("interim", {
        steps: [
          { do: "send", text: head("interim") },
          { do: "expect-interim", status: 100, otherwise: "violation" },
          ok,
        ],
      }),
      caseOf("no-interim", {
        steps: [
          { do: "send", text: head("x") },
          { do: "expect-interim", status: 100, otherwise: "tolerated" },
          ok,
        ],
      }),
      caseOf("noisy", {
        steps: [
          { do: "send", text: head("x") },
          { do: "expect-nothing", ms: 50, otherwise: "tolerated" },
          ok,
        ],
      }),
      caseOf("again", {
        steps: [
          { do: "send", text: "GET" },
          { do: "reset" },
          { do: "reconnect" },
          { do: "send", text: head("x") },
          ok,
        ],
      }),
    ];
    const report = await run(cases, serve, { repeats: 0, stepTimeoutMs: 500 });
    assert.equal(verdicts(report), {
      pieces: "pass",
      half: "pass",
      interim: "pass",
      "no-interim": "tolerated",
      noisy: "tolerated",
      again: "pass",
    });
  }),
);

test(
  "nobody there is an error, and so is a server that does not answer GET /",
  withDeadline(5000, async () => {
    const listener = await listen("127.0.0.1:0");
    const { port } = listener.addr;
    await listener.close();
    await rejects(runServerCases([], { host: "127.0.0.1", port }), "peer-unreachable");
    await rejects(
      run(
        [],
        answering(() => BAD),
      ),
      "peer-unfit",
    );
  }),
);

test(
  "a server that goes away in the middle of a run fails what follows",
  withDeadline(8000, async () => {
    const listener = await listen("127.0.0.1:0");
    const { port } = listener.addr;
    let connections = 0;
    listener.accept({
      onConn: (conn) => {
        connections += 1;
        // The first two are the look whether anybody is there.
        if (connections === 3) void listener.close();
        void Promise.resolve(answering(() => `${OK}|close`)(new WireClient(conn), 0)).catch(
          () => {},
        );
      },
      onFailure: () => {},
    });
    const report = await runServerCases(
      [caseOf("a"), caseOf("b")],
      { host: "127.0.0.1", port },
      {
        contract: 0,
        concurrency: 1,
        repeats: 0,
      },
    );
    assert.equal(verdicts(report), { a: "pass", b: "fail" });
    assert.match(report.results[1]?.message ?? "", /^no connection: /);
  }),
);

test(
  "results are told as they come, and kept in the order of the cases; the wire of failures is kept",
  withDeadline(5000, async () => {
    const told: CaseResult[] = [];
    const report = await run([caseOf("bad"), caseOf("good")], except({ bad: () => BAD }), {
      onResult: (result) => told.push(result),
    });
    assert.equal(
      told.map(({ id }) => id),
      ["good", "bad"],
    );
    assert.equal(
      report.results.map(({ id }) => id),
      ["bad", "good"],
    );
    const [bad, good] = report.results;
    assert.is(good?.wire, undefined);
    assert.equal(bad?.wire?.map(({ direction }) => direction).slice(0, 2), ["sent", "received"]);
    assert.match(bad?.wire?.[0]?.data ?? "", /^GET \/ HTTP\/1\.1\r\nHost: peer\.example\r\n/);
  }),
);

test(
  "an aborted run ends, with what has been judged",
  withDeadline(5000, async () => {
    const stop = new AbortController();
    const cases = ["a", "b", "c"].map((id) => caseOf(id));
    const options = { signal: stop.signal, concurrency: 1, onResult: (): void => stop.abort() };
    const report = await run(
      cases,
      answering(() => OK),
      options,
    );
    assert.equal(
      report.results.map(({ id }) => id),
      ["a"],
    );
  }),
);

test(
  "one case takes no longer than it may",
  withDeadline(4000, async () => {
    const slow = caseOf("slow", { steps: [{ do: "pause", ms: 60_000 }, ...caseOf("slow").steps] });
    const began = performance.now();
    const report = await run(
      [slow],
      answering(() => OK),
      { caseTimeoutMs: 200, repeats: 0 },
    );
    assert.ok(performance.now() - began < 2000);
    assert.is(report.results[0]?.verdict, "fail");
  }),
);

test(
  "a server that answers 400 to everything but GET / fails no case of refusal and most others",
  withDeadline(60_000, async () => {
    const serve = answering((head) =>
      /^GET \/ HTTP\/1\.1\r\nHost: peer\.example\r\n\r\n$/.test(head) ? OK : `${BAD}|close`,
    );
    const refusals = SERVER_CASES.filter(({ topic }) => topic === "host");
    const report = await run(refusals, serve, { repeats: 0 });
    assert.equal(
      report.results.filter((r) => r.counts).map(({ id }) => id),
      [],
    );
  }),
);

test("a field named in an outcome is of the message before, not of the one that is judged", async () => {
  const tagged = (tag: string): string =>
    `HTTP/1.1 200 OK\r\nETag: "${tag}"\r\nContent-Length: 0\r\n\r\n`;
  const same = { name: "ETag", equals: "{field:etag}" };
  const [send, expect] = caseOf("9112-3.2-06/a").steps;
  const compared = {
    do: "expect" as const,
    outcomes: [
      { class: "conforming" as const, seen: "response" as const, status: [200], fields: [same] },
    ],
  };
  if (send === undefined || expect === undefined) throw new Error("a case has two steps");
  const steps = [send, expect, send, compared];
  const cases = [
    caseOf("9112-3.2-06/a", { steps }),
    caseOf("9112-3.2-06/b", { steps: [send, compared] }),
  ];
  const verdictsOf = async (tags: readonly string[]): Promise<ReturnType<typeof verdicts>> => {
    const answers = new Map<number, number>();
    const serve = answering((_head, nth) => {
      const asked = answers.get(nth) ?? 0;
      answers.set(nth, asked + 1);
      return tagged(tags[asked] ?? "");
    });
    return verdicts(await run(cases, serve, { concurrency: 1 }));
  };
  // The second case has no message before.
  const none = { "9112-3.2-06/b": "not-applicable" };
  assert.equal(await verdictsOf(["x", "x"]), { "9112-3.2-06/a": "pass", ...none });
  assert.equal(await verdictsOf(["x", "y"]), { "9112-3.2-06/a": "fail", ...none });
});

test.run();
