/**
 * `/form`: a form with a text and a file, what came of it, and a cookie that counts the visits.
 * RFC 7578, RFC 6265 §4
 *
 * Rule of this file: nothing that was sent is kept, and all of it is escaped before it is shown. Of a
 * file no more than 1 MiB is in memory: a longer one goes to a temporary file, which is gone after
 * the answer.
 */
import { createHash } from "node:crypto";
import type { Request, ResponseWriter } from "barewire";
import { formatSetCookie } from "barewire/semantics";
import { escapeHtml, page, plain } from "./page.ts";

const HELD_BYTES_MAX = 1024 * 1024;

/** `GET /form` */
export function form(w: ResponseWriter, r: Request): Promise<void> {
  const content = `${visits(w, r)}
<form method="post" enctype="multipart/form-data">
<p><label>Text <input name="text" size="40"></label></p>
<p><label>File <input name="file" type="file" required></label></p>
<p><button>Send</button></p>
</form>
<p><a href="/">back</a></p>`;
  return page(w, "A form with a file", content, ["form-action 'self'"]);
}

/** `POST /form`: an error of the form (415, 413, 400) is the server's to answer. */
export async function formSent(w: ResponseWriter, r: Request): Promise<void> {
  const sent = await r.parseMultipartForm(HELD_BYTES_MAX);
  const file = sent.files.get("file")?.[0];
  // A browser sends an empty name when nothing was chosen.
  if (file === undefined || file.filename === "") {
    return plain(w, 400, "400: a file belongs into this form, as the field 'file'\n");
  }
  const hash = createHash("sha256");
  for await (const piece of file.open()) hash.update(piece);
  const rows: readonly (readonly [id: string, value: string])[] = [
    ["text", sent.values.get("text") ?? ""],
    ["name", file.filename],
    ["type", file.contentType ?? ""],
    ["size", String(file.size)],
    ["sha256", hash.digest("hex")],
  ];
  const cells = rows.map(
    ([id, value]) => `<tr><th>${id}</th><td id="${id}">${escapeHtml(value)}</td></tr>`,
  );
  const content = `${visits(w, r)}
<table>
${cells.join("\n")}
</table>
<p><a href="/form">once more</a></p>`;
  await page(w, "What was sent", content);
}

/** Counts this visit in a cookie, and tells which one came with the request. */
function visits(w: ResponseWriter, r: Request): string {
  const came = r.cookie("visits")?.value;
  // Anybody may send any cookie: what is no count of ours begins anew.
  const before = came !== undefined && /^[0-9]{1,6}$/.test(came) ? Number(came) : 0;
  const value = String(before + 1);
  w.header.set("Cache-Control", "no-store");
  w.header.add(
    "Set-Cookie",
    formatSetCookie({ name: "visits", value, path: "/form", httpOnly: true, sameSite: "lax" }),
  );
  if (came === undefined) return '<p id="visits">Your first visit: no cookie came.</p>';
  return `<p id="visits">Visit ${value}: the cookie said ${escapeHtml(came)}.</p>`;
}
