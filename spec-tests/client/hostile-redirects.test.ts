// Servers that send their clients around, or give them cookies: nobody is led anywhere that was not said, nothing
// secret goes along, and nothing goes on for ever. RFC 9110 §10.2.2, §15.4, RFC 6265 §6.1
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Client, CookieJar, type TransportOptions } from "../../lib/client/mod.ts";
import type { Response } from "../../lib/message/mod.ts";
import { settle } from "../../lib/testing/mod.ts";
import { type Coded, rejects, table, withDeadline } from "../kit.ts";
import {
  DEADLINE_MS,
  EMPTY,
  OK,
  Rig,
  type Script,
  UNDER_WAY_BYTES,
  answering,
} from "./hostile-server.ts";

// --- redirects and cookies ------------------------------------------------------------------------

const redirects = suite("a hostile server that sends its clients around");

/** Says a redirect to each request, for ever. */
function redirecting(location: (host: string) => string, more: string = EMPTY): Script {
  return async (peer) => {
    while (await peer.request()) {
      peer.answer(`HTTP/1.1 302 X\r\nLocation: ${location(peer.host)}\r\n${more}`);
    }
  };
}

table(
  redirects,
  [
    { name: "a page that leads to itself", to: () => "/", peers: 1 },
    {
      name: "two hosts that lead to each other",
      to: (host: string) => (host === "a.test" ? "http://b.test/" : "http://a.test/"),
      peers: 2,
    },
    {
      name: "a host that leads to another one each time",
      to: (host: string) => `http://x.${host}/`,
      peers: 10,
    },
  ],
  ({ to, peers }) =>
    withDeadline(DEADLINE_MS, async () => {
      const rig = new Rig(redirecting(to));
      const error = await rejects(rig.get(), "too-many-redirects");
      assert.is((error as Coded & { response: Response }).response.body.ended, true);
      assert.is(rig.peers.length, peers);
      const requests = rig.peers.flatMap((peer) => peer.text.match(/^GET /gm) ?? []);
      assert.is(requests.length, 10);
      rig.nothingWaits();
      rig.transport.close();
      await rig.nothingIsLeft();
    })(),
);

redirects(
  "the content of a redirect is not read for ever",
  withDeadline(DEADLINE_MS, async () => {
    const rig = new Rig(async (peer) => {
      await peer.request();
      if (peer.number > 1) return peer.answer(OK);
      peer.answer("HTTP/1.1 302 X\r\nLocation: /next\r\n\r\n");
      await peer.flood("content");
    });
    assert.is(await rig.text(), "ok");
    assert.is(rig.peers[0]?.end === "open", false);
    assert.ok(rig.sent < UNDER_WAY_BYTES, `${rig.sent} bytes were taken`);
    rig.transport.close();
    await rig.nothingIsLeft();
  }),
);

redirects(
  "content of a redirect that never comes holds the call no longer than any body",
  withDeadline(DEADLINE_MS, async () => {
    const rig = new Rig((peer) =>
      answering(
        peer.number > 1 ? OK : "HTTP/1.1 302 X\r\nLocation: /next\r\nContent-Length: 9\r\n\r\n",
      )(peer),
    );
    const call = rig.text();
    await settle(4);
    rig.clock.advance(60_000);
    assert.is(await call, "ok");
    rig.transport.close();
    await rig.nothingIsLeft();
  }),
);

table(
  redirects,
  [
    { name: "no host", location: "http:///x" },
    { name: "no authority", location: "http:x" },
    { name: "an empty authority", location: "///x" },
    { name: "a backslash for a slash", location: "/\\evil.test/" },
    { name: "backslashes for slashes", location: "http:\\\\evil.test/" },
    { name: "a tab within the slashes", location: "/\t/evil.test/" },
    { name: "a tab within the scheme", location: "ht\ttp://evil.test/" },
    { name: "a file", location: "file:///etc/passwd" },
    { name: "a script", location: "javascript:alert(1)" },
    { name: "a space in the host", location: "http://evil test/" },
    { name: "a port that is none", location: "http://evil.test:99999/" },
    { name: "an address that is none", location: "http://1.2.3.999/" },
  ],
  ({ location }) =>
    withDeadline(DEADLINE_MS, async () => {
      const rig = new Rig(redirecting(() => location));
      await rejects(rig.get(), "bad-location");
      assert.equal(
        rig.peers.map(({ host }) => host),
        ["a.test"],
      );
      rig.transport.close();
      await rig.nothingIsLeft();
    })(),
);

table(
  redirects,
  [
    { name: "an escape character", location: "/\x1b[2J" },
    { name: "a NUL", location: "/\0" },
    { name: "a DEL", location: "/\x7f" },
  ],
  ({ location }) =>
    withDeadline(DEADLINE_MS, async () => {
      const rig = new Rig(redirecting(() => location));
      const { message } = await rejects(rig.get(), "bad-field-value");
      assert.match(message, /^[ -~]*$/);
      await rig.nothingIsLeft();
    })(),
);

redirects(
  "user information in a Location is never shown, nor told to the next host",
  withDeadline(DEADLINE_MS, async () => {
    const rig = new Rig((peer) =>
      redirecting((host) => (host === "a.test" ? "http://me:secret@b.test/" : "http://c.test/"))(
        peer,
      ),
    );
    const seen: string[] = [];
    const client = new Client({
      transport: rig.transport,
      clock: rig.clock,
      checkRedirect: (next) => {
        seen.push(next.target);
        if (next.host === "c.test") throw new Error("far enough");
      },
    });
    const error = await rejects(
      client.get("http://a.test/", { header: { Authorization: "Bearer mine" } }),
      "redirect-refused",
    );
    assert.not.match(`${error.message} ${error.stack}`, "secret");
    const [, second] = rig.peers;
    assert.not.match(second?.text ?? "", "Bearer mine");
    assert.not.match(second?.text ?? "", /^Referer: .*@/m);
    rig.transport.close();
    await rig.nothingIsLeft();
  }),
);

redirects(
  "whatever a Location holds, the error's text moves nobody's cursor",
  withDeadline(DEADLINE_MS, async () => {
    const rig = new Rig(redirecting(() => "/\x85\x9b2J\xe9"));
    const error = await rejects(rig.get(), "too-many-redirects");
    assert.match(error.message, /^[ -~]*$/);
    assert.is((error as Coded & { url: string }).url, "/\\x85\\x9b2J\\xe9");
    rig.transport.close();
    await rig.nothingIsLeft();
  }),
);

redirects(
  "a Location of a quarter of a megabyte makes no such message",
  withDeadline(DEADLINE_MS, async () => {
    const rig = new Rig(redirecting(() => `/${"x".repeat(200_000)}`));
    const { message } = await rejects(rig.get(), "too-many-redirects");
    assert.ok(message.length < 3_000, `${message.length}`);
    rig.transport.close();
    await rig.nothingIsLeft();
  }),
);

interface Cookies {
  readonly name: string;
  readonly lines: number;
  readonly value?: string;
  readonly options?: TransportOptions;
  /** A code, or the text of the answer. */
  readonly outcome: string;
  readonly kept: number;
}

const MANY_LINES: TransportOptions = { maxHeaderValueCount: 10_000 };

table<Cookies>(
  redirects,
  [
    { name: "3,500 cookies in one response", lines: 3_500, outcome: "too-many-fields", kept: 0 },
    { name: "400 cookies in one response", lines: 400, outcome: "", kept: 180 },
    {
      name: "more cookies than a message may have, with all lines let in",
      lines: 3_001,
      options: MANY_LINES,
      outcome: "",
      kept: 0,
    },
    {
      name: "as many as it may have",
      lines: 3_000,
      options: MANY_LINES,
      outcome: "",
      kept: 180,
    },
    { name: "a cookie of 100 kB", lines: 1, value: "v".repeat(100_000), outcome: "", kept: 0 },
  ],
  ({ lines, value = "v", options, outcome, kept }) =>
    withDeadline(DEADLINE_MS, async () => {
      const fields = Array.from({ length: lines }, (_, i) => `Set-Cookie: c${i}=${value}\r\n`);
      const answer = `HTTP/1.1 200 OK\r\n${fields.join("")}${EMPTY}`;
      const jar = new CookieJar();
      const rig = new Rig(answering(answer, OK), options, { jar });
      assert.is(await rig.text().catch((error: unknown) => (error as Coded).code), outcome);
      assert.is([...jar].length, kept);
      // What is kept can be sent.
      if (outcome === "") assert.is(await rig.text(), "ok");
      rig.transport.close();
      await rig.nothingIsLeft();
    })(),
);

redirects.run();
