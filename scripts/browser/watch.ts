/**
 * What goes on in a page while it is used: the answers it gets, and what it complains about.
 *
 * Rule of this file: it listens from the beginning and judges nothing, but for a request given up
 * because the page was left or its player has enough.
 */
import type { Page } from "playwright-core";

/** Told while it grows. */
export interface Watch {
  /** Errors and warnings of the console, exceptions in the page, requests without an answer. */
  readonly complaints: readonly string[];
  /** The statuses of the answers for a path, in their order. */
  statuses(path: string): number[];
}

/** Begins to watch a page. */
export function watching(page: Page): Watch {
  const complaints: string[] = [];
  const answers: { readonly path: string; readonly status: number }[] = [];
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "no reason";
    if (why !== "net::ERR_ABORTED") complaints.push(`${request.url()} failed: ${why}`);
  });
  page.on("response", (response) => {
    answers.push({ path: new URL(response.url()).pathname, status: response.status() });
  });
  return {
    complaints,
    statuses: (path) =>
      answers.filter((answer) => answer.path === path).map(({ status }) => status),
  };
}
