/**
 * barewire get and request: what is sent, what is shown, and curl's exit codes.
 *
 * Rule of this file: the servers are scripts of octets on 127.0.0.1; no name is resolved but localhost.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Conn, ConnSink } from "../../lib/bufio/mod.ts";
import { dial, listen, listenTLS } from "../../lib/net/mod.ts";
import { WireClient } from "../../lib/testing/mod.ts";
import { type Row, table, withDeadline } from "../kit.ts";
import { type FakeOptions, barewire, start } from "./fake-io.ts";

const test = suite("cli get");

const DEADLINE_MS = 10_000;
const FIXTURES = new URL("../fixtures/", import.meta.url);
const HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

/** What the server does with each connection, once a head has come. */
type Answer = string | ((peer: WireClient) => Promise<void> | void);

interface Server {
  readonly url: string;
  /** What came on each connection. */
  readonly peers: WireClient[];
  readonly close: () => Promise<void>;
}

async function serve(answer: Answer, security: "plain" | "tls" = "plain"): Promise<Server> {
  const peers: WireClient[] = [];
  const address = { host: "127.0.0.1", port: 0 };
  const pem = (name: string): string => readFileSync(new URL(name, FIXTURES), "utf8");
  const listener =
    security === "plain"
      ? await listen(address)
      : await listenTLS(address, {
          cert: pem("localhost.cert.pem"),
          key: pem("localhost.key.pem"),
        });
  const onConn = async (conn: Conn): Promise<void> => {
    const peer = new WireClient(conn);
    peers.push(peer);
    // A TLS client waits for an answer to its first record.
    await peer.until(
      ({ text, end }) => text.includes("\r\n\r\n") || text.startsWith("\x16") || end !== "open",
    );
    if (typeof answer !== "string") return answer(peer);
    peer.send(answer);
  };
  listener.accept({ onConn: (conn) => void onConn(conn), onFailure: () => {} });
  return {
    url: `${security === "tls" ? "https" : "http"}://localhost:${listener.addr.port}`,
    peers,
    close: async () => {
      for (const peer of peers) peer.reset();
      await listener.close();
    },
  };
}

async function withServer(
  answer: Answer,
  use: (server: Server) => Promise<void>,
  security?: "plain" | "tls",
): Promise<void> {
  const server = await serve(answer, security);
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

interface Exits extends Row {
  readonly answer: Answer;
  readonly args?: readonly string[];
  readonly path?: string;
  readonly code: number;
  readonly out?: string;
}

const EXITS: readonly Exits[] = [
  { name: "an answer is 0", answer: HELLO, code: 0, out: "hello" },
  {
    name: "404 is 0 without --fail",
    answer: "HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno",
    code: 0,
    out: "no",
  },
  {
    name: "404 is 22 with --fail, and no content",
    answer: "HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno",
    args: ["-f"],
    code: 22,
    out: "",
  },
  {
    name: "a short body is 18",
    answer: (peer) => {
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
      peer.close();
    },
    code: 18,
  },
  { name: "no answer is 52", answer: (peer) => peer.close(), code: 52 },
  { name: "a reset is 56", answer: (peer) => peer.reset(), code: 56 },
  {
    name: "a bad chunk is 56",
    answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    code: 56,
  },
  { name: "what is no HTTP is 1", answer: "SSH-2.0-none\r\n\r\n", code: 1 },
  {
    name: "two lengths are 8",
    answer: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    code: 8,
  },
  { name: "silence is 28", answer: () => {}, args: ["-m", "0.1"], code: 28 },
  {
    name: "a redirect is shown without -L",
    answer: "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 3\r\n\r\nsee",
    code: 0,
    out: "see",
  },
  {
    name: "redirects without end are 47",
    answer: (peer) => endlessly(peer),
    args: ["-L", "--max-redirs", "3"],
    code: 47,
  },
  {
    name: "a file that cannot be written is 23",
    answer: HELLO,
    args: ["-o", "/no/such/folder/file"],
    code: 23,
  },
  {
    name: "a file that cannot be read is 26",
    answer: HELLO,
    args: ["-F", "a=@/no/such/file"],
    code: 26,
  },
];

/** The same redirect for each request of a connection. */
async function endlessly(peer: WireClient): Promise<void> {
  for (let count = 1; peer.end === "open"; count++) {
    peer.send("HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n");
    await peer.until(
      ({ text, end }) => end !== "open" || text.split("\r\n\r\n").length > count + 1,
    );
  }
}

table(test, EXITS, async ({ answer, args = [], code, out }) => {
  await withServer(answer, async ({ url }) => {
    const ran = await barewire(["get", url, ...args]);
    assert.is(ran.code, code, ran.err);
    if (out !== undefined) assert.is(ran.out, out);
    assert.is(ran.err === "", code === 0);
    if (code !== 0) assert.ok(ran.err.startsWith(`barewire get: (${code}) `), ran.err);
  });
});

test("nobody listens: 7; no such host: 6; no URL: 3", async () => {
  const { url, close } = await serve("");
  await close();
  assert.is((await barewire(["get", url])).code, 7);
  assert.is((await barewire(["get", "http://nothing.invalid/"])).code, 6);
  assert.is((await barewire(["get", "http://[/"])).code, 3);
});

test("TLS: 60 for a certificate that nobody knows, 0 with -k or --cacert, 35 for none", async () => {
  await withServer(
    HELLO,
    async ({ url }) => {
      assert.is((await barewire(["get", url])).code, 60);
      assert.is((await barewire(["get", url, "-k"])).out, "hello");
      const ca = new URL("localhost.cert.pem", FIXTURES).pathname;
      assert.is((await barewire(["get", url, "--cacert", ca])).out, "hello");
    },
    "tls",
  );
  await withServer(HELLO, async ({ url }) => {
    assert.is((await barewire(["get", url.replace("http:", "https:")])).code, 35);
  });
});

interface Sent extends Row {
  readonly args: readonly string[];
  /** Lines or pieces that the server must have got. */
  readonly got: readonly string[];
  readonly not?: readonly string[];
}

const SENT: readonly Sent[] = [
  {
    name: "get says who it is",
    args: ["get", "{url}/a?b"],
    got: ["GET /a?b HTTP/1.1\r\n", "User-Agent: barewire/1.2.3\r\n", "Accept: */*\r\n"],
  },
  {
    name: "a field may be replaced, left out, repeated",
    args: ["get", "{url}", "-H", "accept: a/b", "-H", "User-Agent:", "-H", "X: 1", "-H", "X: 2"],
    got: ["accept: a/b\r\n", "X: 1\r\n", "X: 2\r\n"],
    not: ["barewire/", "*/*"],
  },
  {
    name: "-d makes it a POST",
    args: ["get", "{url}", "-d", "a=1", "-d", "b=2"],
    got: [
      "POST / HTTP/1.1",
      "application/x-www-form-urlencoded",
      "Content-Length: 7\r\n",
      "\r\n\r\na=1&b=2",
    ],
  },
  {
    name: "items make a query, fields and JSON",
    args: ["request", "PUT", "{url}/x?y", "q==a b", "X-Y:z", "name=ada", "n:=[1]"],
    got: ["PUT /x?y&q=a+b HTTP/1.1", "X-Y: z\r\n", "application/json", '{"name":"ada","n":[1]}'],
  },
  {
    name: "-F makes a multipart form",
    args: ["request", "POST", "{url}", "-F", "name=ada"],
    got: ["multipart/form-data; boundary=", 'name="name"', "\r\nada\r\n"],
  },
  {
    name: "an address needs no scheme",
    args: ["get", "{host}"],
    got: ["GET / HTTP/1.1", "Host: localhost:"],
  },
];

table(test, SENT, async ({ args, got, not = [] }) => {
  await withServer(HELLO, async ({ url, peers }) => {
    const filled = args.map((word) => word.replace("{url}", url).replace("{host}", url.slice(7)));
    const { code, err } = await barewire(filled);
    assert.is(code, 0, err);
    const text = peers[0]?.text ?? "";
    for (const piece of got) assert.ok(text.includes(piece), `${piece} in ${text}`);
    for (const piece of not) assert.not(text.includes(piece), piece);
  });
});

const EVIL = "HTTP/1.1 200 OK\r\nX: a\x9b31mb\r\nContent-Length: 8\r\n\r\n\x1b[2Jevil";

test("-v shows both heads on stderr, escaped, and the content on stdout", async () => {
  await withServer(EVIL, async ({ url }) => {
    const { out, err } = await barewire(["get", url, "-v"]);
    assert.is(out, "\x1b[2Jevil");
    assert.ok(/^> GET \/ HTTP\/1\.1$/m.test(err) && /^< HTTP\/1\.1 200 OK$/m.test(err), err);
    assert.ok(err.includes("< X: a\\x9b31mb\n"), err);
    assert.ok(err.includes("* connected to "), err);
  });
});

test("on a terminal the content is escaped", async () => {
  await withServer(EVIL, async ({ url }) => {
    const { out } = await barewire(["get", url], { out: "terminal" });
    assert.is(out, "\\x1b[2Jevil");
  });
});

interface Shown extends Row {
  readonly args: readonly string[];
  readonly options?: FakeOptions;
  readonly says: readonly string[];
}

const SHOWN: readonly Shown[] = [
  {
    name: "--wire shows every octet both ways",
    args: ["--wire"],
    says: ["> GET / HTTP/1.1\\r\\n\n", "< X: a\\x9b31mb\\r\\n\n", "< \\x1b[2Jevil\n"],
  },
  {
    name: "--wire is coloured where colours are wanted",
    args: ["--wire"],
    options: { env: { FORCE_COLOR: "1" } },
    says: ["\x1b[32mGET"],
  },
  {
    name: "--hex shows them as a dump",
    args: ["--hex"],
    says: ["> 00000000  47 45 54 20", "< 00000000  48 54 54 50"],
  },
  {
    name: "--json tells request, response and timings",
    args: ["--json"],
    says: ['"schema": 1', '"status": 200', '"\\u001b[2Jevil"', '"total":'],
  },
  {
    name: "-i puts the head before the content",
    args: ["-i"],
    says: ["HTTP/1.1 200 OK\nX: a\\x9b31mb\n"],
  },
];

table(test, SHOWN, async ({ args, options, says }) => {
  await withServer(EVIL, async ({ url }) => {
    const { code, out, err } = await barewire(["get", url, ...args], options);
    assert.is(code, 0, err);
    for (const words of says) assert.ok(out.includes(words), `${words} in ${out}`);
  });
});

test("--timing tells each step on stderr", async () => {
  await withServer(HELLO, async ({ url }) => {
    const { out, err } = await barewire(["get", url, "--timing"]);
    assert.is(out, "hello");
    for (const step of ["connect", "firstByte", "total"]) {
      assert.ok(new RegExp(`^${step} +[0-9.]+ ms`, "m").test(err), err);
    }
  });
});

test("-L follows, and -v tells of each hop", async () => {
  const once = async (peer: WireClient): Promise<void> => {
    peer.send("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
    await peer.until(({ text }) => text.includes("GET /b "));
    peer.send(HELLO);
  };
  await withServer(once, async ({ url }) => {
    const { out, err } = await barewire(["get", url, "-L", "-v"]);
    assert.is(out, "hello");
    assert.ok(
      /< HTTP\/1\.1 302 Found[^]*> GET \/b HTTP\/1\.1[^]*< HTTP\/1\.1 200 OK/.test(err),
      err,
    );
  });
});

test("-o writes a file, with a bar on a terminal and none elsewhere", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cli-"));
  try {
    await withServer(HELLO, async ({ url }) => {
      const file = join(folder, "out");
      const quiet = await barewire(["get", url, "-o", file]);
      assert.equal(quiet, { code: 0, out: "", err: "" });
      assert.is(readFileSync(file, "latin1"), "hello");
      const { err } = await barewire(["get", url, "-o", file], { err: "terminal" });
      assert.ok(err.includes("█") && err.includes("100 %") && err.endsWith("\n"), err);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("--raw sends exactly the octets of a file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cli-"));
  const file = join(folder, "raw");
  const raw = "GET / HTTP/1.1\nHost: \xffa\r\n\r\n";
  writeFileSync(file, raw, "latin1");
  try {
    await withServer(HELLO, async ({ url, peers }) => {
      assert.equal(await barewire(["get", url, "--raw", file]), { code: 0, out: HELLO, err: "" });
      assert.is(peers[0]?.text, raw);
      const { out } = await barewire(["get", url, "--raw", file, "--wire"]);
      assert.ok(out.includes("> GET / HTTP/1.1\\n\n") && out.includes("< hello\n"), out);
    });
    await withServer(
      (peer) => peer.close(),
      async ({ url }) => {
        assert.is((await barewire(["get", url, "--raw", file])).code, 52);
      },
    );
    await withServer(
      () => {},
      async ({ url }) => {
        assert.is((await barewire(["get", url, "--raw", file, "-m", "0.1"])).code, 28);
      },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("--unix goes through a socket, and Host says what the URL says", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cli-"));
  const path = join(folder, "socket");
  const listener = await listen({ path });
  const peers: WireClient[] = [];
  listener.accept({
    onConn: (conn) => {
      peers.push(new WireClient(conn));
      peers[0]?.send(HELLO);
    },
    onFailure: () => {},
  });
  try {
    assert.is((await barewire(["get", "http://inside/", "--unix", path])).out, "hello");
    await peers[0]?.until(({ text }) => text.includes("Host: inside\r\n"));
    assert.is((await barewire(["get", "http://inside/", "--unix", `${path}-no`])).code, 6);
  } finally {
    await listener.close();
    rmSync(folder, { recursive: true });
  }
});

test("--proxy asks the proxy, the environment does too, and a tunnel shows what is in it", async () => {
  await withServer(HELLO, async ({ url, peers }) => {
    const proxy = url.slice("http://".length);
    assert.is((await barewire(["get", "http://far.invalid/a", "--proxy", proxy])).out, "hello");
    assert.ok(peers[0]?.text.startsWith("GET http://far.invalid/a HTTP/1.1\r\n"), peers[0]?.text);
    const env = { http_proxy: url };
    assert.is((await barewire(["get", "http://far.invalid/b"], { env })).out, "hello");
  });
  const tls = await serve(HELLO, "tls");
  const tunnel = async (peer: WireClient): Promise<void> => {
    const to = await dial({ host: "127.0.0.1", port: Number(tls.url.split(":")[2]) });
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    peer.conn.handOver(pipeTo(to));
    to.start(pipeTo(peer.conn));
  };
  try {
    await withServer(tunnel, async ({ url }) => {
      const args = ["get", "https://localhost:9/", "-k", "--wire", "--proxy", url];
      const { code, out, err } = await barewire(args);
      assert.is(code, 0, err);
      assert.ok(
        out.includes("> CONNECT localhost:9 HTTP/1.1\\r\\n") && out.includes("< hello"),
        out,
      );
      assert.not(out.includes("\\x16\\x03"), "no records of TLS are shown");
    });
  } finally {
    await tls.close();
  }
});

/** Hands everything on. */
function pipeTo(to: Conn): ConnSink {
  return {
    onBytes: (octets) => {
      to.write(octets.slice());
      return "more";
    },
    onEnd: () => to.closeWrite(),
    onError: () => to.abort(),
  };
}

test(
  "SIGINT ends a call with 130",
  withDeadline(DEADLINE_MS, async () => {
    const arrived: (() => void)[] = [];
    const waiting = new Promise<void>((resolve) => arrived.push(resolve));
    await withServer(
      () => arrived[0]?.(),
      async ({ url }) => {
        const started = start(["get", url]);
        await waiting;
        started.stop();
        const { code, out, err } = await started.ended;
        assert.equal([code, out, err], [130, "", ""]);
      },
    );
  }),
);

test.run();
