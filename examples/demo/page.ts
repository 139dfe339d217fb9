/**
 * What the demo's answers have in common: a page of HTML, a line of text, a 404.
 *
 * Rule of this file: a page may load nothing but what its policy names, and plain text is never
 * sniffed. Whoever puts a stranger's text into a page escapes it with `escapeHtml`.
 */
import type { ResponseWriter } from "barewire";

/** A whole answer in plain text. */
export async function plain(w: ResponseWriter, status: number, text: string): Promise<void> {
  w.header.set("Content-Type", "text/plain; charset=utf-8");
  w.header.set("X-Content-Type-Options", "nosniff");
  w.writeHeader(status);
  await w.write(text);
}

/** Where no route and no file is. */
export function notFound(w: ResponseWriter): Promise<void> {
  return plain(w, 404, "404: nothing here, but / lists what there is\n");
}

/** A page: `title` and `content` are HTML; `policy` is what it may do beside having a style. */
export async function page(
  w: ResponseWriter,
  title: string,
  content: string,
  policy: readonly string[] = [],
): Promise<void> {
  const allowed = ["default-src 'none'", "style-src 'unsafe-inline'", ...policy];
  w.header.set("Content-Type", "text/html; charset=utf-8");
  w.header.set("Content-Security-Policy", allowed.join("; "));
  await w.write(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>
body { font: 16px/1.5 system-ui; margin: 2em auto; max-width: 60em; padding: 0 1em }
td, th { padding: .2em 1em .2em 0; text-align: left; vertical-align: top }
td code { white-space: nowrap }
</style>
<h1>${title}</h1>
${content}
</html>
`);
}

/** Text as the content of an element or of a quoted attribute. */
export function escapeHtml(text: string): string {
  const names = new Map([
    ["&", "&amp;"],
    ["<", "&lt;"],
    [">", "&gt;"],
    ['"', "&quot;"],
    ["'", "&#39;"],
  ]);
  return text.replace(/[&<>"']/g, (c) => names.get(c) ?? c);
}
