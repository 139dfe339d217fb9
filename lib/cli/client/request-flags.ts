/**
 * From the arguments of `get` and `request` to the request that is meant.
 * curl(1), HTTPie's request items
 *
 * Rule of this file: arguments in, a plan out. Files named by @ are read here; nothing is sent.
 */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { Header, isFieldValue, isToken, lowerAscii } from "../../wire/mod.ts";
import { parseFlags, secondsInMs, wholeNumber } from "../flags.ts";
import { Exit, usage } from "../io.ts";

/** What both verbs take. */
export const REQUEST_FLAGS = {
  header: { type: "string", short: "H", multiple: true },
  data: { type: "string", short: "d", multiple: true },
  form: { type: "string", short: "F", multiple: true },
  output: { type: "string", short: "o" },
  location: { type: "boolean", short: "L", default: false },
  "max-redirs": { type: "string", default: "50" },
  insecure: { type: "boolean", short: "k", default: false },
  cacert: { type: "string" },
  "max-time": { type: "string", short: "m" },
  "connect-timeout": { type: "string" },
  unix: { type: "string" },
  proxy: { type: "string", short: "x" },
  verbose: { type: "boolean", short: "v", default: false },
  include: { type: "boolean", short: "i", default: false },
  wire: { type: "boolean", default: false },
  hex: { type: "boolean", default: false },
  timing: { type: "boolean", default: false },
  raw: { type: "string" },
  json: { type: "boolean", default: false },
  fail: { type: "boolean", short: "f", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** How the answer is shown. */
export type View = "body" | "wire" | "hex" | "json";

/** One call, as the command line asks for it. */
export interface RequestPlan {
  readonly method: string;
  readonly url: string;
  readonly header: Header;
  readonly body: string | FormData | undefined;
  /** Octets that are sent as they are, in place of a request of ours. */
  readonly raw: Uint8Array | undefined;
  readonly view: View;
  readonly output: string | undefined;
  readonly talk: ReadonlySet<"verbose" | "timing" | "include">;
  readonly onHttpError: "fail" | "show";
  readonly maxRedirects: number;
  readonly certificates: "verify" | "accept-any";
  readonly ca: string | undefined;
  readonly maxTimeMs: number | undefined;
  readonly connectTimeoutMs: number | undefined;
  readonly unixPath: string | undefined;
  readonly proxy: string | undefined;
}

/** Reads the arguments; `method` is undefined where they begin with it. Undefined when help was asked for. */
export async function planOf(
  args: readonly string[],
  method: string | undefined,
  version: string,
): Promise<RequestPlan | undefined> {
  const { values, positionals } = parseFlags(args, REQUEST_FLAGS);
  if (values.help) return undefined;
  const words = [...positionals];
  const verb = method ?? words.shift();
  const address = words.shift();
  if (verb === undefined || address === undefined) throw usage("a URL is needed");
  const shown = (["wire", "hex", "json"] as const).filter((name) => values[name]);
  if (shown.length > 1) throw usage(`--${shown.join(" and --")} do not go together`);
  const content = await contentOf(values.data, values.form, itemsOf(words));
  const header = headerOf(content, values.header ?? [], version);
  return {
    method: method === "GET" && content.body !== undefined ? "POST" : verb,
    url: withQuery(urlOf(address), content.query),
    header,
    body: content.body,
    raw: values.raw === undefined ? undefined : await fileBytes(values.raw),
    view: shown[0] ?? "body",
    output: values.output,
    talk: new Set((["verbose", "timing", "include"] as const).filter((name) => values[name])),
    onHttpError: values.fail ? "fail" : "show",
    maxRedirects: values.location ? wholeNumber("--max-redirs", values["max-redirs"], 0, 1000) : -1,
    certificates: values.insecure ? "accept-any" : "verify",
    ca: values.cacert === undefined ? undefined : (await fileBytes(values.cacert)).toString("utf8"),
    maxTimeMs: secondsInMs("--max-time", values["max-time"]),
    connectTimeoutMs: secondsInMs("--connect-timeout", values["connect-timeout"]),
    unixPath: values.unix,
    proxy: values.proxy,
  };
}

/** "localhost:8080/a" is "http://localhost:8080/a". */
export function urlOf(address: string): string {
  const url = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(address) ? address : `http://${address}`;
  if (!URL.canParse(url)) throw new Exit(3, `not a URL: ${address}`);
  return url;
}

/** What the items of HTTPie's kind ask for. */
interface Items {
  readonly header: [name: string, value: string][];
  readonly query: [name: string, value: string][];
  readonly json: [name: string, value: unknown][];
}

interface Content {
  readonly header: readonly (readonly [string, string])[];
  readonly query: readonly (readonly [string, string])[];
  readonly body: string | FormData | undefined;
}

/** Name:value is a field, name==value a part of the query, name=value and name:=json members of a JSON body. */
function itemsOf(words: readonly string[]): Items {
  const items: Items = { header: [], query: [], json: [] };
  for (const word of words) {
    const match = /^([^:=]+)(:=|==|=|:)([^]*)$/.exec(word);
    if (match === null)
      throw usage(`"${word}" is no item: Name:value, name==value, name=value or name:=json`);
    const [, name = "", sign, value = ""] = match;
    if (sign === ":") items.header.push([name, value.trim()]);
    else if (sign === "==") items.query.push([name, value]);
    else items.json.push([name, sign === ":=" ? jsonOf(name, value) : value]);
  }
  return items;
}

function jsonOf(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw usage(`${name}:= wants JSON, not "${text}"`);
  }
}

async function contentOf(
  data: readonly string[] = [],
  form: readonly string[] = [],
  items: Items,
): Promise<Content> {
  const kinds = [data, form, items.json].filter(({ length }) => length > 0);
  if (kinds.length > 1) throw usage("-d, -F and name=value items do not go together");
  const { header, query } = items;
  if (form.length > 0) return { header, query, body: await formOf(form) };
  if (data.length > 0) {
    const parts = await Promise.all(
      data.map(async (one) => (one.startsWith("@") ? fileText(one.slice(1)) : one)),
    );
    const type = ["Content-Type", "application/x-www-form-urlencoded"] as const;
    return { header: [type, ...header], query, body: parts.join("&") };
  }
  if (items.json.length === 0) return { header, query, body: undefined };
  const body = JSON.stringify(Object.fromEntries(items.json));
  return { header: [["Content-Type", "application/json"], ...header], query, body };
}

/** name=value, name=@file, name=@file;type=a/b */
async function formOf(parts: readonly string[]): Promise<FormData> {
  const form = new FormData();
  for (const part of parts) {
    const match = /^([^=]+)=(@?)([^]*)$/.exec(part);
    if (match === null) throw usage(`-F wants name=value or name=@file, not "${part}"`);
    const [, name = "", at, value = ""] = match;
    if (at === "") {
      form.append(name, value);
      continue;
    }
    const [path = "", type] = value.split(";type=");
    const bytes = new Uint8Array(await fileBytes(path));
    form.append(name, new Blob([bytes], type === undefined ? {} : { type }), basename(path));
  }
  return form;
}

function headerOf(content: Content, lines: readonly string[], version: string): Header {
  const header = new Header([
    ["User-Agent", `barewire/${version}`],
    ["Accept", "*/*"],
  ]);
  for (const [name, value] of content.header) header.set(...checked(name, value));
  const given = new Set<string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 1) throw usage(`-H wants "Name: value", not "${line}"`);
    const [name, value] = checked(line.slice(0, colon), line.slice(colon + 1).trim());
    // The first line of a name replaces what we would send, further ones stand beside it; none means none.
    if (!given.has(lowerAscii(name))) header.delete(name);
    given.add(lowerAscii(name));
    // An empty User-Agent is how the client is told to send none.
    if (value !== "" || lowerAscii(name) === "user-agent") header.add(name, value);
  }
  return header;
}

function checked(name: string, value: string): [name: string, value: string] {
  if (!isToken(name)) throw usage(`"${name}" is no field name`);
  if (!isFieldValue(value))
    throw usage(`the value of ${name} cannot be sent: controls, or above U+00FF`);
  return [name, value];
}

function withQuery(url: string, query: Content["query"]): string {
  if (query.length === 0) return url;
  const [before = "", fragment] = url.split("#");
  const added = new URLSearchParams(
    query.map(([name, value]): [string, string] => [name, value]),
  ).toString();
  const joined = `${before}${before.includes("?") ? "&" : "?"}${added}`;
  return fragment === undefined ? joined : `${joined}#${fragment}`;
}

async function fileText(path: string): Promise<string> {
  // As in curl the lines of a file are joined.
  return (await fileBytes(path)).toString("utf8").replace(/[\r\n]/g, "");
}

async function fileBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Exit(26, `cannot read ${path}: ${error instanceof Error ? error.message : ""}`);
  }
}
