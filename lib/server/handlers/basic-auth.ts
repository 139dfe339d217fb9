/**
 * Basic authentication: asked for by a server, given by a client.
 * RFC 7617 §2; RFC 9110 §11.6.1 · Go: Request.BasicAuth, Request.SetBasicAuth
 *
 * Rule of this file: the fields and the comparison; who the users are is the program's. Passwords cross the
 * wire readable, so this belongs on TLS.
 */
import type { Request } from "../../message/mod.ts";
import type { BasicCredentials } from "../../semantics/mod.ts";
import { formatBasic } from "../../semantics/mod.ts";
import type { Header } from "../../wire/mod.ts";
import { quote } from "../../wire/mod.ts";
import { handlerFunc } from "../handler.ts";
import type { ResponseWriter } from "../response-writer.ts";
import type { Middleware } from "./chain.ts";
import { equalsInConstantTime } from "./constant-time.ts";
import { HandlerError } from "./errors.ts";
import { error } from "./plain-answers.ts";
import type { RequestValue } from "./request-value.ts";
import { requestValue } from "./request-value.ts";

export interface BasicAuthOptions {
  /** Names and passwords: a map, pairs, or an object. Compared in constant time. */
  readonly users?:
    | Iterable<readonly [username: string, password: string]>
    | Readonly<Record<string, string>>
    | undefined;
  /** Decides instead of `users`; compare passwords with a function made for it (scrypt, argon2). */
  readonly check?:
    | ((credentials: BasicCredentials, r: Request) => boolean | Promise<boolean>)
    | undefined;
  /** What a browser's dialog says, ASCII. Default "restricted". */
  readonly realm?: string | undefined;
}

/** The name that `basicAuth` has found right; accessLog shows it. */
export const authenticatedUser: RequestValue<string> = requestValue("authenticated user");

/**
 * Lets only requests with right credentials through; all others get 401 and a challenge. Throws
 * "bad-helper-option" without exactly one of `users` and `check`; a `check` that throws is the handler's
 * failure.
 *
 *   mux.handle("/admin/", basicAuth({ users: { ada: process.env.ADA_PASSWORD ?? "" } })(admin));
 */
export function basicAuth<C = unknown>(options: BasicAuthOptions): Middleware<C> {
  const check = checkOf(options);
  const challenge = `Basic realm=${quote(options.realm ?? "restricted")}, charset="UTF-8"`;
  return (handler) => {
    const serve = handlerFunc(handler);
    const decide = (w: ResponseWriter<C>, r: Request<C>, user: string, good: boolean) => {
      if (!good) return unauthorized(w, challenge);
      authenticatedUser.set(r, user);
      return serve(w, r);
    };
    return (w, r) => {
      const credentials = r.basicAuth();
      if (credentials === undefined) return unauthorized(w, challenge);
      const { username } = credentials;
      const verdict = check(credentials, r);
      if (typeof verdict === "boolean") return decide(w, r, username, verdict);
      return verdict.then((good) => decide(w, r, username, good));
    };
  };
}

/**
 * The other way: puts credentials on a request that is to be sent. Throws "bad-basic-username" for a name
 * with a colon. Go: SetBasicAuth
 *
 *   setBasicAuth(request.header, { username: "ada", password });
 */
export function setBasicAuth(header: Header, credentials: BasicCredentials): void {
  header.set("Authorization", formatBasic(credentials));
}

function unauthorized(w: ResponseWriter, challenge: string): Promise<void> {
  w.header.set("WWW-Authenticate", challenge);
  return error(w, "401 unauthorized", 401);
}

function checkOf({ users, check }: BasicAuthOptions): NonNullable<BasicAuthOptions["check"]> {
  if ((users === undefined) === (check === undefined)) {
    throw new HandlerError("bad-helper-option", "basicAuth wants either users or check");
  }
  if (check !== undefined) return check;
  // A map, so that "__proto__" is nobody's name.
  const passwords = new Map(isPairs(users!) ? users : Object.entries(users!));
  return ({ username, password }) => {
    const wanted = passwords.get(username);
    // An unknown name costs the same comparison.
    const same = equalsInConstantTime(password, wanted ?? password);
    return same && wanted !== undefined;
  };
}

function isPairs(users: object): users is Iterable<readonly [string, string]> {
  return Symbol.iterator in users;
}
