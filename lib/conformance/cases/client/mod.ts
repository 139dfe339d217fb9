/**
 * The door of the cases for clients: one list, in the order of the files.
 */
import type { ClientCase } from "../../case.ts";
import { FRAMING_CASES } from "./framing.ts";

/** Every case for clients. */
export const CLIENT_CASES: readonly ClientCase[] = [...FRAMING_CASES];
