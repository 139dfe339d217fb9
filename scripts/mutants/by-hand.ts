/**
 * The mutants written by hand, one a rule. The list was written before anybody looked at which tests exist.
 *
 * Rule of this file: data. Each must be killed by a test or a vector; `npm run mutants` fails otherwise.
 */
import { CLIENT_MUTANTS } from "./by-hand/client.ts";
import { FRAMING_MUTANTS } from "./by-hand/framing.ts";
import { STORE_MUTANTS } from "./by-hand/jar.ts";
import { MEANING_MUTANTS } from "./by-hand/meaning.ts";
import { SERVER_MUTANTS } from "./by-hand/server.ts";
import { WIRE_MUTANTS } from "./by-hand/wire.ts";
import type { HandMutant } from "./mutant.ts";

export const BY_HAND: readonly HandMutant[] = [
  ...FRAMING_MUTANTS,
  ...WIRE_MUTANTS,
  ...MEANING_MUTANTS,
  ...SERVER_MUTANTS,
  ...CLIENT_MUTANTS,
  ...STORE_MUTANTS,
];
