/**
 * Many connections at once: wrk and ab, each answer looked at.
 *
 * Rule of this file: rates are not judged here (bench/ does that), only answers: none wrong, none
 * missing.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Check, run, same } from "./world.ts";

/** Compares each answer inside wrk, and reports how many were wrong. */
const WRK_SCRIPT = `
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init(args) wrong = 0; right = 0 end
function response(status, headers, body)
  if status == 200 and body == "Hello, wrk!\\n" and headers["Content-Length"] == "12" then
    right = right + 1
  else
    wrong = wrong + 1
  end
end
function done(summary, latency, requests)
  local e = summary.errors
  local w, r = 0, 0
  for _, thread in ipairs(threads) do w = w + thread:get("wrong"); r = r + thread:get("right") end
  print("wrong " .. w .. ", errors " .. e.connect .. " " .. e.read .. " " .. e.write .. " " ..
    e.timeout .. " " .. e.status .. ", some right " .. tostring(r > 100))
end
`;

const AB_REQUESTS = 2000;

/** The lines of ab's report that say what came back. */
function abFacts(printed: string): string {
  const wanted =
    /^(Document Length|Complete requests|Failed requests|Non-2xx responses|Keep-Alive requests):/;
  return printed
    .split("\n")
    .filter((line) => wanted.test(line))
    .map((line) => line.replace(/\s+/g, " ").trim())
    .join("\n");
}

function abCheck(name: string, flags: readonly string[], expect: readonly string[]): Check {
  return {
    name: `ab: ${name}`,
    program: "ab",
    run: async (world) => {
      const url = `http://127.0.0.1:${world.port}/hello/ab`;
      const args = ["-q", ...flags, "-n", String(AB_REQUESTS), "-c", "20", url];
      const { printed, code, complained } = await run("ab", args, 60);
      if (code !== 0) throw new Error(`ab ended with ${code}: ${complained}`);
      same(abFacts(printed), expect.join("\n"), world);
    },
  };
}

export const LOAD_CHECKS: readonly Check[] = [
  {
    name: "wrk: every answer on 32 connections is the right one",
    program: "wrk",
    run: async (world) => {
      const script = join(world.dir, "check.lua");
      writeFileSync(script, WRK_SCRIPT);
      const url = `http://127.0.0.1:${world.port}/hello/wrk`;
      const args = ["-t1", "-c32", "-d2s", "-s", script, url];
      const { printed, code, complained } = await run("wrk", args, 30);
      if (code !== 0) throw new Error(`wrk ended with ${code}: ${complained}`);
      const last = printed.trimEnd().split("\n").at(-1) ?? "";
      same(last, "wrong 0, errors 0 0 0 0 0, some right true", world);
    },
  },
  abCheck(
    "HTTP/1.0, a connection for each request",
    [],
    ["Document Length: 11 bytes", `Complete requests: ${AB_REQUESTS}`, "Failed requests: 0"],
  ),
  abCheck(
    "HTTP/1.0 with keep-alive",
    ["-k"],
    [
      "Document Length: 11 bytes",
      `Complete requests: ${AB_REQUESTS}`,
      "Failed requests: 0",
      `Keep-Alive requests: ${AB_REQUESTS}`,
    ],
  ),
];
