/**
 * Text put into HTML.
 *
 * Rule of this file: the one place where text becomes HTML; what a page holds beside it is written by us.
 */

/** What shows nothing, or turns the direction of the text around it. */
const UNSEEN = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** For elements and for attribute values in double quotes. Control characters become U+FFFD. */
export function escapeHtml(text: string): string {
  return text.replace(UNSEEN, "\ufffd").replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
