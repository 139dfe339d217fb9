/**
 * Where the time goes: the timings of a call, and what happens in it step by step.
 * Go: net/http/httptrace
 *
 * Try: npm start, and beside it
 *      node --import ./scripts/ts-hook.mjs examples/client-trace.ts
 */
import { type Trace, defaultTransport, get } from "barewire";

const url = process.argv[2] ?? "http://127.0.0.1:8080/hello/you";

const trace: Trace = {
  getConn: (hostPort) => console.log(`  wants ${hostPort}`),
  connectDone: (network, address, error) =>
    console.log(`  ${network} ${address} ${error === undefined ? "connected" : "failed"}`),
  gotConn: ({ reused }) => console.log(`  got a ${reused ? "used" : "new"} connection`),
  wroteRequest: () => console.log("  wrote the request"),
  gotFirstResponseByte: () => console.log("  got the first octet"),
  putIdleConn: (kept) => console.log(kept === "kept" ? "  kept it" : `  closed: ${kept.closed}`),
};

for (const turn of ["first", "second"]) {
  console.log(`${turn} call`);
  const response = await get(url, { trace });
  await response.body.bytes();
  // In ms; what did not take place is undefined, as connecting is the second time.
  const { connect, firstByte, total } = response.timings ?? {};
  console.log(`  reused ${response.reused}`, { connect, firstByte, total });
}
console.log("pool", defaultTransport.stats());
