/**
 * The door of the reports: the same run as lines, JSON, JUnit XML and TAP.
 */
export * from "./console.ts";
export * from "./json.ts";
export * from "./junit.ts";
export * from "./tap.ts";
