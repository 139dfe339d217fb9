/**
 * What a question is, and what its answer looks like: a table of figures with names.
 *
 * Rule of this file: every answer has the same form, so that printing, judging, drawing and keeping it are
 * written once.
 */

/** How much is put into an answer, and how. */
export interface Effort {
  readonly rounds: number;
  /** Of load in a round. */
  readonly seconds: number;
  /** Idle ones, in the question of memory. */
  readonly connections: number;
  /** What loads the servers: wrk, or our own program where that is missing or not wanted. */
  readonly load: "wrk" | "own";
}

/** Something that can be asked, in parts that can be asked alone. */
export interface Question {
  readonly name: string;
  /** At least one. */
  readonly parts: readonly string[];
  ask(part: string, effort: Effort): Promise<Answer>;
}

/** What came out: one table. */
export interface Answer {
  /** What the figures are, with the unit. */
  readonly title: string;
  /** In the order in which they are shown. */
  readonly columns: readonly string[];
  readonly rows: readonly AnswerRow[];
}

/** A line of a table. */
export interface AnswerRow {
  /** The program; in some tables what it did. */
  readonly name: string;
  /** By column; NaN or missing where nothing could be measured. */
  readonly figures: Readonly<Record<string, number>>;
}

/** The figure of an answer; NaN where it has none. */
export function figureOf(answer: Answer | undefined, row: string, column: string): number {
  return answer?.rows.find(({ name }) => name === row)?.figures[column] ?? Number.NaN;
}

/** The rows in which there is something; the others are those of programs that could not be had. */
export function measured(rows: readonly AnswerRow[]): AnswerRow[] {
  return rows.filter(({ figures }) => !Object.values(figures).every(Number.isNaN));
}

/** A figure with as many digits as mean something. */
export function shown(figure: number | undefined): string {
  if (figure === undefined || Number.isNaN(figure)) return "–";
  const size = Math.abs(figure);
  return size < 10 ? figure.toFixed(2) : size < 100 ? figure.toFixed(1) : figure.toFixed(0);
}

/** The lines of a table, the names of its columns first. */
export function cells({ columns, rows }: Answer): string[][] {
  return [
    ["", ...columns],
    ...rows.map(({ name, figures }) => [name, ...columns.map((column) => shown(figures[column]))]),
  ];
}

/** Prints a table under its title, the first column to the left and the others to the right. */
export function printAnswer(answer: Answer): void {
  const lines = cells(answer);
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((l) => l[i]?.length ?? 0)));
  console.log(`\n${answer.title}`);
  for (const line of lines) {
    const padded = line.map((cell, i) =>
      i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
    );
    console.log(`  ${padded.join("   ")}`);
  }
}
