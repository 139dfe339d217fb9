/**
 * The door of the judge: a reader of messages of its own, and conditions held against what it has read.
 */
export * from "./conditions.ts";
export * from "./describe.ts";
export * from "./fields.ts";
export * from "./http-date.ts";
export * from "./reader.ts";
export * from "./text.ts";
