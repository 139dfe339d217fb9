/**
 * A script as people write them: it asks, and has nothing more to do.
 *
 *   node script.mjs read|leave|cancel URL
 *
 * Rule of this file: no process.exit, no close: whether it ends by itself is what is asked.
 */
import { get } from "barewire";

const [how, url = ""] = process.argv.slice(2);
for (let i = 0; i < 3; i++) {
  const response = await get(`${url}${i}`);
  if (how === "read") await response.body.bytes();
  if (how === "cancel") response.body.cancel();
}
console.log("done");
