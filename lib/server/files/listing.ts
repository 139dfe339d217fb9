/**
 * The listing of a directory as a page.
 * Go: fs.go dirList, htmlReplacer
 *
 * Rule of this file: entries in, HTML out. A name is text that anybody may have chosen: escaped in the link
 * and in the text, each in its own way.
 */
import type { DirectoryEntry } from "./file-system.ts";
import { escapeName } from "./name.ts";

/** What a listing shows. */
export interface Directory {
  /** The name of the directory: "/" or "/a/b". */
  readonly name: string;
  /** Its elements in the order of their names, without hidden ones. */
  readonly entries: readonly DirectoryEntry[];
  /** cut: there are more than `maxListing` elements, and these are some of them. */
  readonly extent: "whole" | "cut";
}

/** The page of Go's file server: a link a line. */
export function formatListing(directory: Directory): string {
  const lines = directory.entries.map(formatEntry);
  const more = directory.extent === "cut" ? "… and more\n" : "";
  return `${START}${lines.join("")}${more}</pre>\n`;
}

/** The elements as a listing shows them: sorted, and none that is hidden where hidden ones are refused. */
export function arrange(
  entries: readonly DirectoryEntry[],
  dotfiles: "refuse" | "serve",
): readonly DirectoryEntry[] {
  return entries
    .filter(({ name }) => dotfiles === "serve" || !name.startsWith("."))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

const START = '<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n';

function formatEntry({ name, kind }: DirectoryEntry): string {
  const slash = kind === "directory" ? "/" : "";
  return `<a href="${escapeName(name)}${slash}">${escapeHtml(name)}${slash}</a>\n`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&#34;")
    .replaceAll("'", "&#39;");
}
