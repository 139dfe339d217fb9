/**
 * The topic go-request-misc:new-request: the Host of a request made from a URL.
 * RFC 9110 §7.2, RFC 6874 · vectors: go-request-misc · Go: request_test.go newRequestHostTests
 *
 * Rule of this file: no connection; what goes on the wire is the topic go-requestwrite.
 */
import { newRequest } from "../../lib/message/mod.ts";
import { objectsOf, textOf } from "./case.ts";
import type { Input, JsonObject, Run, Topic } from "./case.ts";
import { outcomeOf } from "./wants.ts";

export const NEW_REQUEST_TOPICS: readonly Topic[] = [
  {
    name: "go-request-misc:new-request",
    file: "go-request-misc",
    parallel: 1,
    cases: (content) =>
      objectsOf(content["cases"])
        .filter((one) => one["op"] === "newRequestHost")
        .map((one: JsonObject) => ({
          id: textOf(one["id"]),
          input: { kind: "call", op: "newRequestHost", args: { url: one["url"] ?? "" } },
          want: { host: one["want"] },
        })),
    run: hostOf,
  },
];

async function hostOf(input: Input): Promise<Run[]> {
  if (input.kind !== "call") throw new Error("a call is wanted");
  const url = textOf(input.args["url"] ?? "");
  return [{ way: "", outcome: await outcomeOf(() => ({ host: newRequest("GET", url).host })) }];
}
