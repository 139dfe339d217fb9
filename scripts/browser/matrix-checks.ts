/**
 * What must hold of the page of reports in a browser: cells are opened by keys, octets are seen, the filter
 * filters, dark is dark, and nothing is asked of anybody.
 *
 * Rule of this file: the page is made here, of reports of our own, so that what must be seen is known. What
 * runs inside the page is text, since its globals are not ours.
 */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import {
  type CaseResult,
  countVerdicts,
  htmlReport,
  REPORT_SCHEMA,
  type RunReport,
  SERVER_CASES,
} from "../../lib/conformance/mod.ts";
import type { BrowserCheck, Visit } from "./checks.ts";

const SOME_CASES = SERVER_CASES.filter(({ level }) => level !== "MAY").slice(0, 40);
/** The row and the column of the cell that has something to show. */
const FAILING = { row: 2, column: 1 };
const HOSTILE = `<img src=x onerror="document.title='broken'">`;

export const MATRIX_CHECKS: readonly BrowserCheck[] = [
  {
    name: "the matrix of reports opens from a disk, with a header for each implementation",
    run: async (visit) => {
      await visit.page.goto(pageOf(visit));
      equal(await visit.page.locator("table.matrix thead th[data-p]").allTextContents(), [
        "first 1.0",
        `second ${HOSTILE}`,
      ]);
      equal(await visit.page.title(), "A matrix");
      equal(await visit.page.locator("img").count(), 0, "a name has become an element");
      match(await count(visit.page), /^40 of 40 cases$/);
    },
  },
  {
    name: "a cell is reached and opened by keys, shows its octets, and gives the focus back",
    run: async ({ page }) => {
      await page.locator("table.matrix td[tabindex='0']").focus();
      await page.keyboard.press("Control+Home");
      for (let i = 0; i < FAILING.row; i++) await page.keyboard.press("ArrowDown");
      for (let i = 0; i < FAILING.column; i++) await page.keyboard.press("ArrowRight");
      equal(await focused(page), "fail");
      const outline = await page.evaluate<string>(
        "getComputedStyle(document.activeElement).outlineStyle",
      );
      equal(outline, "solid", "where the focus is, is seen");
      await page.keyboard.press("Enter");
      const detail = page.locator("dialog[open]");
      match(await text(page, "#detail-verdict"), /first 1\.0: fail$/);
      match(await text(page, "dialog .log .out pre"), /^GET \/<b>x<\/b> HTTP\/1\.1\\r\\n\nHost: /);
      equal(await page.locator("dialog .log .n").first().textContent(), "Host");
      equal(await page.locator("dialog .log b").count(), 0, "octets have become elements");
      match(await text(page, "dialog .case"), /RFC 911[02] §/);
      match(page.url(), /#9112-/);
      await page.keyboard.press("Escape");
      await detail.waitFor({ state: "detached" });
      equal(await focused(page), "fail");
      await page.waitForURL(({ hash }) => hash === "");
    },
  },
  {
    name: "the focus stays inside the matrix, and a header of a row opens its case",
    run: async ({ page }) => {
      await page.keyboard.press("Control+End");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowDown");
      equal(await focused(page), "pass");
      await page.keyboard.press("Home");
      await page.keyboard.press("Enter");
      equal(await page.locator("dialog .log").count(), 0, "a case has no log of its own");
      match(await text(page, "dialog .case"), /conforms/);
      await page.keyboard.press("Escape");
      equal(await page.locator("table.matrix [tabindex='0']").count(), 1, "one stop for Tab");
    },
  },
  {
    name: "the filter leaves the rows that fit, and says how many",
    run: async ({ page }) => {
      await page.locator("select[name=verdict]").selectOption({ label: "fail" });
      match(await count(page), /^1 of 40 cases$/);
      equal(await page.locator("tr[data-c]:visible").count(), 1);
      await page.locator("select[name=peer]").selectOption({ index: 2 });
      match(await count(page), /^0 of 40 cases$/, "the second one fails nothing");
      await page.getByRole("button", { name: "Reset" }).click();
      await page.getByLabel("Text").fill(SOME_CASES[5]?.id ?? "");
      match(await count(page), /^[1-9] of 40 cases$/);
      equal(await page.locator("table.matrix [tabindex='0']:visible").count(), 1);
      await page.getByRole("button", { name: "Reset" }).click();
      await page.getByText("40 of 40 cases").waitFor();
    },
  },
  {
    name: "the matrix is dark where dark is wanted, and its text can be read in both",
    run: async (visit) => {
      const { page } = visit;
      await page.emulateMedia({ colorScheme: "dark" });
      const dark = await contrasts(page);
      await page.screenshot({ path: visit.screenshot.replace(".png", "-matrix-dark.png") });
      await page.emulateMedia({ colorScheme: "light" });
      const light = await contrasts(page);
      await page.screenshot({ path: visit.screenshot.replace(".png", "-matrix-light.png") });
      ok(dark.background < 0.1 && light.background > 0.9, "the background follows");
      for (const [name, ratio] of [...dark.ratios, ...light.ratios]) {
        ok(ratio >= 4.5, `${name} has a contrast of ${ratio.toFixed(2)}`);
      }
    },
  },
];

/** Writes the page and tells its address. */
function pageOf({ screenshot }: Visit): string {
  const path = join(dirname(screenshot), "browser-matrix.html");
  const reports = [reportOf("first 1.0", FAILING.row), reportOf(`second ${HOSTILE}`, undefined)];
  writeFileSync(path, htmlReport(reports, { title: "A matrix" }));
  return pathToFileURL(path).href;
}

function reportOf(name: string, failing: number | undefined): RunReport {
  const results = SOME_CASES.map(({ id, level, topic, title }, i): CaseResult => {
    const requirement = id.split("/", 1).join("");
    const base = { id, requirement, section: requirement.replace(/-[0-9]+$/, ""), topic, title };
    const same = { attempts: [], aside: [], durationMs: 1 };
    if (i !== failing) {
      const verdict = { verdict: "pass", counts: false, class: "conforming", message: "" } as const;
      return { ...base, ...same, ...verdict, level };
    }
    const data = "GET /<b>x</b> HTTP/1.1\r\nHost: a\r\n\r\n";
    const wire = [{ at: 0, connection: 0, direction: "sent", data } as const];
    const verdict = {
      verdict: "fail",
      counts: true,
      class: "violation",
      message: HOSTILE,
    } as const;
    return { ...base, ...same, ...verdict, level: "MUST", wire };
  });
  return {
    schema: REPORT_SCHEMA,
    role: "server",
    peer: { name, address: "" },
    transport: "plain",
    strictness: "must",
    startedAt: "2026-01-01T00:00:00.000Z",
    durationMs: 1,
    counts: countVerdicts(results),
    failures: results.filter(({ counts }) => counts).length,
    unexpectedPasses: [],
    results,
  };
}

/** What the focused cell says to those who cannot see it. */
async function focused(page: Page): Promise<unknown> {
  return page.evaluate("document.activeElement.getAttribute('aria-label')");
}

async function count(page: Page): Promise<string> {
  return page.evaluate("document.querySelector('output').value");
}

async function text(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).first().textContent()) ?? "";
}

interface Contrasts {
  /** Luminance, 0 to 1. */
  readonly background: number;
  /** WCAG's ratio of text and what is behind it, by what it is. */
  readonly ratios: readonly (readonly [name: string, ratio: number])[];
}

async function contrasts(page: Page): Promise<Contrasts> {
  return page.evaluate<Contrasts>(`(() => {
    const luminance = (colour) => {
      const [r, g, b] = colour.match(/[0-9.]+/g).map((part) => {
        const c = Number(part) / 255;
        return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
      for (let at = element; at !== null; at = at.parentElement) {
        const { backgroundColor } = getComputedStyle(at);
        if (!/^rgba\\(.*, 0\\)$/.test(backgroundColor)) return luminance(backgroundColor);
      }
      return 1;
    };
    const ratios = ["h1", ".legend b", ".matrix td.p", ".matrix td.f", ".matrix tbody code", ".legend .t", ".legend .s", ".keys"].map((name) => {
      const element = document.querySelector(name);
      const [dim, light] = [luminance(getComputedStyle(element).color), behind(element)].sort((a, b) => a - b);
      return [name, (light + 0.05) / (dim + 0.05)];
    });
    return { background: behind(document.body), ratios };
  })()`);
}
