/**
 * A call that nobody has taken yet, for what is asked of calls without a connection.
 */
import { Call } from "../../lib/client/call.ts";
import { settingsOf } from "../../lib/client/options.ts";
import { originOf, routeTo } from "../../lib/client/route.ts";
import { newRequest, requestHead } from "../../lib/message/mod.ts";
import { TestClock } from "../../lib/testing/mod.ts";
import { URL_A } from "./rig.ts";

export interface Asked {
  readonly method?: string;
  readonly header?: Record<string, string>;
  readonly body?: string;
  readonly close?: boolean;
}

export function callOf({ method = "GET", header, body, close = false }: Asked = {}): Call {
  const request = newRequest(method, URL_A, body, { header }).with({ close });
  return new Call({
    request,
    head: requestHead(request),
    route: routeTo(originOf(URL_A)!, undefined),
    settings: settingsOf({}, { clock: new TestClock() }).call,
    now: 0,
    asked: [],
    hold: undefined,
  });
}
