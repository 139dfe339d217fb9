/**
 * The door of the reports: the same run as lines, JSON, JUnit XML and TAP, and several runs as one page of HTML.
 */
export * from "./console.ts";
export * from "./html.ts";
export * from "./json.ts";
export * from "./junit.ts";
export * from "./tap.ts";
