/**
 * What must hold in a browser: the form, the upload, the cookie, the files, the sound, a quiet
 * console.
 * RFC 7578, RFC 6265 §4, RFC 9110 §14
 *
 * Rule of this file: a check is a row that throws when it does not hold; they run in their order, in
 * one page, because a visitor goes on from where he is. What runs inside the page is text, since its
 * globals are not ours.
 */
import { createHash, randomBytes } from "node:crypto";
import { deepStrictEqual as equal, match } from "node:assert/strict";
import type { Page } from "playwright-core";
import { until } from "../interop/world.ts";
import type { Watch } from "./watch.ts";

/** Where the checks happen. */
export interface Visit {
  readonly page: Page;
  /** The address of the demo, without a slash at its end. */
  readonly url: string;
  readonly watch: Watch;
  /** The demo's log so far. */
  readonly log: () => string;
  /** Where the picture goes. */
  readonly screenshot: string;
}

/** One thing that must hold. */
export interface BrowserCheck {
  readonly name: string;
  run(visit: Visit): Promise<void>;
}

const TEXT = `<script>document.title = "broken"</script> & "quotes", ümläute 🙂`;
const FILE = "<b>bold & 'it' ü.bin";
/** More than the demo holds in memory, so that a temporary file takes part. */
const LONG_BYTES = 3_000_000;
const TONE_BYTES = 96_044;

export const CHECKS: readonly BrowserCheck[] = [
  {
    name: "the first page leads to the form",
    run: async ({ page, url }) => {
      await page.goto(`${url}/`);
      await page.getByRole("link", { name: "GET /form" }).click();
      await page.waitForURL(`${url}/form`);
      match(await textOf(page, "#visits"), /^Your first visit/);
    },
  },
  {
    name: "a form with a text and a file arrives, and is shown escaped",
    run: async (visit) => {
      await upload(visit, randomBytes(1000), { text: TEXT });
      equal(await visit.page.title(), "What was sent");
      equal(await visit.page.locator("td *").count(), 0, "what was sent has become elements");
      await visit.page.screenshot({ path: visit.screenshot });
    },
  },
  {
    name: "a file longer than the demo's memory arrives whole",
    run: async (visit) => {
      await visit.page.getByRole("link", { name: "once more" }).click();
      await upload(visit, randomBytes(LONG_BYTES), { text: "" });
    },
  },
  {
    name: "an empty file arrives",
    run: async (visit) => {
      await visit.page.goto(`${visit.url}/form`);
      await upload(visit, new Uint8Array(0), { text: "nothing" });
    },
  },
  {
    name: "the cookie comes back when the page is loaded again",
    run: async ({ page, url }) => {
      await page.goto(`${url}/form`);
      const before = await cookieOf(page);
      await page.reload();
      equal(
        await textOf(page, "#visits"),
        `Visit ${BigInt(before.value) + 1n}: the cookie said ${before.value}.`,
      );
      equal({ ...before, value: "" }, { ...(await cookieOf(page)), value: "" });
      equal([before.path, before.httpOnly, before.sameSite], ["/form", true, "Lax"]);
      equal(await page.evaluate("document.cookie"), "", "HttpOnly hides it from scripts");
    },
  },
  {
    name: "the folder is listed, and its links lead to files and folders",
    run: async ({ page, url }) => {
      await page.goto(`${url}/files/`);
      const names = await page.locator("a").allTextContents();
      equal(names, ["mark.svg", "more/", "notes.txt", "tone.wav"]);
      await page.getByRole("link", { name: "notes.txt" }).click();
      await page.waitForURL(`${url}/files/notes.txt`);
      match(await textOf(page, "body"), /^This file comes from a folder of the disk/);
      await page.goBack();
      await page.getByRole("link", { name: "more/" }).click();
      await page.getByRole("link", { name: "deeper.txt" }).click();
      await page.waitForURL(`${url}/files/more/deeper.txt`);
    },
  },
  {
    name: "a picture is taken for one, and is not sent again when it has not changed",
    run: async ({ page, url, log }) => {
      const before = log().length;
      await page.goto(`${url}/files/mark.svg`);
      equal(await page.evaluate("document.documentElement.localName"), "svg");
      await page.reload();
      // The browser shows the copy that it has, and its tools call that a 200.
      await line(log, before, /"GET \/files\/mark\.svg HTTP\/1\.1" 304 0 /);
    },
  },
  {
    name: "the sound is asked for in ranges, and plays to its end",
    run: async ({ page, url, watch, log }) => {
      const path = "/files/tone.wav";
      const before = log().length;
      await page.goto(`${url}/media`);
      const played = await page.evaluate<unknown>(`new Promise((resolve, reject) => {
        const sound = document.querySelector("audio");
        sound.muted = true;
        sound.onended = () => resolve([sound.duration, sound.currentTime]);
        const play = () => {
          sound.currentTime = sound.duration - 0.5;
          sound.play().catch(reject);
        };
        if (sound.readyState >= HTMLMediaElement.HAVE_METADATA) play();
        else sound.onloadedmetadata = play;
        sound.onerror = () => reject(new Error(sound.error.message));
        if (sound.error) sound.onerror();
      })`);
      equal(played, [12, 12]);
      equal(new Set(watch.statuses(path)), new Set([206]));
      // Nothing of it was in the browser before: what it played has come from the demo.
      await line(log, before, /"GET \/files\/tone\.wav HTTP\/1\.1" 206 [1-9]/);
    },
  },
  {
    name: "a script gets the range that it asks for, to the byte",
    run: async ({ page, url }) => {
      await page.goto(`${url}/files/`);
      const got = await page.evaluate<unknown>(`(async () => {
        const answer = await fetch("tone.wav", { headers: { Range: "bytes=8-11" } });
        const text = await answer.text();
        return [answer.status, answer.headers.get("Content-Range"), text.slice(0, 20)];
      })()`);
      equal(got, [206, `bytes 8-11/${TONE_BYTES}`, "WAVE"]);
    },
  },
  {
    name: "the browser's console has nothing to complain about",
    run: ({ watch }) => {
      equal(watch.complaints, []);
      return Promise.resolve();
    },
  },
];

/** Fills the form of the page at hand, sends it, and compares the answer with what was sent. */
async function upload(
  { page, url }: Visit,
  bytes: Uint8Array,
  { text }: { readonly text: string },
): Promise<void> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  await page.getByLabel("Text").fill(text);
  const mimeType = "application/x-test";
  await page.getByLabel("File").setInputFiles({ name: FILE, mimeType, buffer: Buffer.from(bytes) });
  const [answer] = await Promise.all([
    page.waitForResponse(
      (response) => response.url() === `${url}/form` && response.request().method() === "POST",
    ),
    page.getByRole("button", { name: "Send" }).click(),
  ]);
  equal(answer.status(), 200);
  await page.locator("#sha256").waitFor();
  const cells = ["text", "name", "type", "size", "sha256"].map((id) => textOf(page, `#${id}`));
  equal(await Promise.all(cells), [text, FILE, mimeType, String(bytes.length), sha256]);
}

/** Waits for a line of the log, which may come later than the answer that it tells about. */
async function line(log: () => string, from: number, wanted: RegExp): Promise<void> {
  const what = `a line of the log like ${wanted.source}`;
  await until(() => (wanted.test(log().slice(from)) ? true : undefined), what, 5);
}

async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).textContent()) ?? "";
}

/** The cookie of the demo as the browser keeps it. */
async function cookieOf(
  page: Page,
): Promise<{ value: string; path: string; httpOnly: boolean; sameSite: string }> {
  const cookies = await page.context().cookies(page.url());
  const cookie = cookies.find(({ name }) => name === "visits");
  if (cookie === undefined) throw new Error("the browser has no cookie named visits");
  const { value, path, httpOnly, sameSite } = cookie;
  return { value, path, httpOnly, sameSite };
}
