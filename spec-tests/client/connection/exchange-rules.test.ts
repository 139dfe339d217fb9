// What one look at a request or a response decides about its connection.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  expectsContinue,
  isFinal,
  isTunnel,
  mayPipeline,
  says408,
} from "../../../lib/client/connection/exchange-rules.ts";
import { HeadScan, type ResponseHead, scanResponseHead } from "../../../lib/wire/mod.ts";
import { type Row, bytes, table } from "../../kit.ts";
import { type Asked, callOf } from "../call-of.ts";

interface Verdict extends Row {
  readonly yes: boolean;
}

function headOf(lines: string): ResponseHead {
  const data = bytes(`HTTP/1.1 ${lines}\r\n\r\n`);
  const head = scanResponseHead(data, new HeadScan("response"), 0, data.length);
  if (head === "need-more") throw new Error("the head is not whole");
  return head;
}

// --- responses ------------------------------------------------------------------------------------

interface HeadRow extends Verdict {
  readonly head: string;
  readonly method?: string;
}

const tunnel = suite("isTunnel");

const UPGRADE = "Connection: Upgrade\r\nUpgrade: echo";

const TUNNELS: readonly HeadRow[] = [
  { name: "200 to CONNECT", method: "CONNECT", head: "200 OK", yes: true },
  { name: "299 to CONNECT", method: "CONNECT", head: "299 x", yes: true },
  { name: "300 to CONNECT", method: "CONNECT", head: "300 x", yes: false },
  { name: "407 to CONNECT", method: "CONNECT", head: "407 x", yes: false },
  { name: "101 to CONNECT", method: "CONNECT", head: `101 x\r\n${UPGRADE}`, yes: false },
  { name: "200 to GET", head: `200 OK\r\n${UPGRADE}`, yes: false },
  { name: "101 with both fields", head: `101 x\r\n${UPGRADE}`, yes: true },
  {
    name: "101 with the option in any case, among others",
    head: "101 x\r\nConnection: keep-alive, UPGRADE\r\nUpgrade: echo",
    yes: true,
  },
  { name: "101 without Upgrade", head: "101 x\r\nConnection: Upgrade", yes: false },
  { name: "101 without the option", head: "101 x\r\nUpgrade: echo", yes: false },
  { name: "101 with another option", head: "101 x\r\nConnection: a\r\nUpgrade: b", yes: false },
];

table(tunnel, TUNNELS, ({ head, method = "GET", yes }) => {
  assert.is(isTunnel(headOf(head), method), yes);
});

tunnel.run();

const final = suite("isFinal");

table(
  final,
  [
    { name: "100", yes: false },
    { name: "101", yes: true },
    { name: "102", yes: false },
    { name: "199", yes: false },
    { name: "200", yes: true },
    { name: "599", yes: true },
    { name: "999", yes: true },
  ],
  ({ name, yes }) => {
    assert.is(isFinal(headOf(`${name} x`)), yes);
  },
);

final.run();

const goodbye = suite("says408");

table(
  goodbye,
  [
    { name: "HTTP/1.1 408", yes: true },
    { name: "HTTP/1.0 408 Request Timeout", yes: true },
    { name: "HTTP/1.1 40", yes: false },
    { name: "HTTP/1.1 400 ", yes: false },
    { name: "HTTP/1.x 408", yes: false },
    { name: "HTTP/1./ 408", yes: false },
    { name: "HTTP/1.: 408", yes: false },
    { name: "", yes: false },
  ],
  ({ name, yes }) => {
    const line = bytes(`..${name}..`);
    assert.is(says408(line, 2, line.length - 2), yes);
  },
);

goodbye.run();

// --- requests -------------------------------------------------------------------------------------

interface CallRow extends Verdict, Asked {}

const held = suite("expectsContinue");

const EXPECTATIONS: readonly CallRow[] = [
  { name: "none", yes: false },
  { name: "100-continue", header: { Expect: "100-continue" }, yes: true },
  { name: "in any case", header: { Expect: "100-Continue" }, yes: true },
  { name: "another", header: { Expect: "200-ok" }, yes: false },
];

table(held, EXPECTATIONS, ({ yes, header = {} }) => {
  assert.is(expectsContinue(callOf({ method: "POST", body: "x", header })), yes);
});

held.run();

const pipelines = suite("mayPipeline");

const PIPELINED: readonly CallRow[] = [
  { name: "GET", yes: true },
  { name: "HEAD", method: "HEAD", yes: true },
  { name: "OPTIONS", method: "OPTIONS", yes: true },
  { name: "POST", method: "POST", body: "x", yes: false },
  { name: "DELETE, though idempotent", method: "DELETE", yes: false },
  { name: "GET with a body", body: "x", yes: false },
  { name: "one that closes", close: true, yes: false },
  { name: "one that says so", header: { Connection: "close" }, yes: false },
  { name: "one that asks for another protocol", header: { Upgrade: "echo" }, yes: false },
];

table(pipelines, PIPELINED, (row) => {
  assert.is(mayPipeline(callOf(row)), row.yes);
});

pipelines.run();
