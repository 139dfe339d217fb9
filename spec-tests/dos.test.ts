/**
 * The load program of `npm run dos`: it loads this machine and no other, and its list of checks is sound.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { CHECKS, CLIENT_CHECKS, CLIENT_SCRIPT_CHECKS } from "../scripts/dos/checks.ts";
import { HostileServer } from "../scripts/dos/hostile.ts";
import { Innocent } from "../scripts/dos/innocent.ts";
import { mustBeLoopback } from "../scripts/dos/loopback.ts";
import { connectTo } from "../scripts/dos/peer.ts";
import { table } from "./kit.ts";

const it = suite("dos");

table(
  it,
  ["127.0.0.1", "127.255.0.9", "::1"].map((host) => ({ name: `${host} may be attacked`, host })),
  ({ host }) => mustBeLoopback(host),
);

table(
  it,
  [
    "192.0.2.1",
    "0.0.0.0",
    "::",
    "localhost",
    "127.0.0.1.example",
    "127.1",
    "::ffff:192.0.2.1",
    "",
  ].map((host) => ({ name: `"${host}" may not`, host })),
  async ({ host }) => {
    const target = { host, port: 80, security: "plain" } as const;
    assert.throws(() => mustBeLoopback(host), "no loopback address");
    assert.throws(() => new Innocent(target, "kept"), "no loopback address");
    const refused = await connectTo(target).then(
      () => "connected",
      (error: unknown) => String(error),
    );
    assert.match(refused, "no loopback address");
    const listening = await HostileServer.start(host, () => undefined).then(
      () => "listening",
      (error: unknown) => String(error),
    );
    assert.match(listening, "no loopback address");
  },
);

it("each check has a name of its own and states its bar", () => {
  const all = [...CHECKS, ...CLIENT_CHECKS, ...CLIENT_SCRIPT_CHECKS];
  const names = new Set(all.map(({ name }) => name));
  assert.is(names.size, all.length);
  assert.equal(
    all.filter(({ bar }) => bar === "").map(({ name }) => name),
    [],
  );
});

it.run();
