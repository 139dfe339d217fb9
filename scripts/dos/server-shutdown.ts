/**
 * A graceful shutdown under load: SIGTERM while clients ask as fast as they can, and no answer is lost.
 *
 * Rule of this file: counted on both sides. The server says how many requests its handlers have begun and
 * ended, the clients how many whole answers they have; the numbers must be the same, and no answer is cut
 * in its middle. A request that no handler has seen is the client's to repeat: it is not counted.
 */
import { type Check, must, NOBODY, WARM_UP_REQUESTS, type World } from "./check.ts";
import { connectTo, sleep } from "./peer.ts";

const CLIENTS = 20;
const SHUTDOWNS = 10;
/** So many answers by all clients together before the signal is sent. */
const ANSWERS_EACH = 1000;
const REQUEST = "GET /later HTTP/1.1\r\nHost: a\r\n\r\n";
const ANSWER_END = "\r\n\r\nlater\n";

export const SHUTDOWN_CHECKS: readonly Check[] = Array.from({ length: SHUTDOWNS }, (_, index) => ({
  name: `a graceful shutdown under load, ${index + 1} of ${SHUTDOWNS}`,
  bar: `at least ${ANSWERS_EACH} requests (200 in a short run): as many whole answers as requests begun`,
  subject: { program: "rig" },
  innocents: NOBODY,
  peer: "node-http",
  ...(index === 0 ? {} : { size: "full" }),
  attack: shutdownUnderLoad,
}));

async function shutdownUnderLoad(world: World): Promise<string> {
  const wanted = world.count(ANSWERS_EACH);
  let whole = 0;
  const clients = Array.from({ length: CLIENTS }, () => client(world, () => whole++));
  while (whole < wanted) await sleep(1);
  const log = await world.terminate();
  const rests = await Promise.all(clients);
  const told = /^begun (\d+), ended (\d+)$/m.exec(log);
  must(told !== null, "the server did not end in good order");
  const begun = Number(told?.[1]) - WARM_UP_REQUESTS;
  const ended = Number(told?.[2]) - WARM_UP_REQUESTS;
  const cut = rests.filter((rest) => rest !== "").length;
  must(cut === 0, `${cut} answers were cut in their middle`);
  must(begun === ended, `${begun} begun, ${ended} ended`);
  must(begun === whole, `${begun} requests begun, ${whole} whole answers received`);
  return `${begun} requests begun, ${whole} whole answers, ${CLIENTS} clients`;
}

/**
 * Pipelines two at a time on one connection until the server has closed it; answers what has come of an
 * answer that is not whole.
 */
async function client(world: World, onAnswer: () => void): Promise<string> {
  const peer = await connectTo(world.target);
  let text = "";
  peer.socket.on("data", (bytes: Buffer) => {
    text += bytes.toString("latin1");
    for (let at = text.indexOf(ANSWER_END); at >= 0; at = text.indexOf(ANSWER_END)) {
      text = text.slice(at + ANSWER_END.length);
      onAnswer();
      void peer.send(REQUEST);
    }
  });
  await peer.send(REQUEST.repeat(2));
  await peer.until(() => !peer.open, 60_000);
  peer.leave();
  return text;
}
