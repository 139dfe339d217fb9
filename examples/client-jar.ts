/**
 * Logs in, stays logged in by a cookie, and keeps the jar in a file for the next run.
 * RFC 6265 · Go: cookiejar.New, whose jars cannot be saved
 *
 * Try: run it twice: the second time it is still logged in.
 *      node --import ./scripts/ts-hook.mjs examples/client-jar.ts
 */
import { readFile, writeFile } from "node:fs/promises";
import { Client, CookieJar, handleFunc, listenAndServe, redirect, setCookie } from "barewire";

const file = process.argv[2] ?? "jar.json";

// Somebody to log in to. A real one would send a random token instead of the name.
handleFunc("POST /login", async (w, r) => {
  const value = (await r.postFormValue("user")) ?? "";
  setCookie(w, { name: "session", value, path: "/", httpOnly: true, maxAge: 3600 });
  return redirect(w, r, "/", 303);
});
handleFunc("GET /{$}", (w, r) => w.write(`Hello ${r.cookie("session")?.value ?? "stranger"}`));
const server = await listenAndServe("127.0.0.1:0");
const base = String(server.url);

const saved = await readFile(file, "utf8").catch(() => undefined);
const jar = saved === undefined ? new CookieJar() : CookieJar.fromJSON(JSON.parse(saved));
const client = new Client({ jar });

console.log("before:", await greeting());
// The 303 sets the cookie and leads on; the jar sends it along with the next request already.
const login = await client.postForm(`${base}login`, { user: "ada" });
console.log("login:", login.status, await login.body.text());

// Values are secrets: nobody else may read the file.
await writeFile(file, JSON.stringify(jar), { mode: 0o600 });
console.log("saved:", Array.from(jar, ({ name, domain }) => `${name} of ${domain}`).join(", "));
await server.shutdown();

async function greeting(): Promise<string> {
  const response = await client.get(base);
  return response.body.text();
}
