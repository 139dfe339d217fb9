/**
 * barewire request: any method to a URL.
 *
 * Rule of this file: its words; the rest is shared with `get`.
 */
import type { Verb } from "../io.ts";
import { REQUEST_HELP, runCall } from "./get.ts";

const HELP = `barewire request METHOD URL [items] [flags]

items: Name:value is a field, name==value a part of the query, name=value and name:=json
members of a JSON body

${REQUEST_HELP}

examples
  barewire request PUT localhost:8080/notes/1 title=wire stars:=5
  barewire request POST localhost:8080/form -F name=ada -F photo=@ada.png
  barewire request HEAD localhost:8080 --wire

exit codes: see barewire get --help
`;

export const requestVerb: Verb = {
  name: "request",
  summary: "any method to a URL",
  help: HELP,
  run: (args, io) => runCall(args, io, undefined, HELP),
};
