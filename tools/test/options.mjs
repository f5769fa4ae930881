// The flags of npm test, and the words that explain them.
import { parseArgs } from "node:util";
import { Failure } from "../run/failure.mjs";

const RINGS = ["vectors", "stories", "worker", "proof"];

export const HELP = `npm test -- [flags]

Checks the form, then runs the rings of tests, from the inside out:
  vectors  beside the code, native: known answers, parsers, tables
  stories  whole flows, native: real SQLite, the simulated X, injected trouble
  worker   the real wasm in workerd, and the pages in a browser
  proof    random schedules of trouble over the stories' world, whether planted bugs are found, load, cost, and others beside it

  --only RING  only that ring, and no check of the form; may be given more than once
  --long       everything at length: stories and schedules through X's aaa too, 100,000 schedules in place of 4,000, load and
               comparison in full, the mutants of the statements, 100,000 inputs to each parser of foreign bytes
  --help       this text

Exit code 0: everything passed. 1: something failed; the table at the end says what.`;

export function readOptions(args = process.argv.slice(2)) {
  try {
    const { values } = parseArgs({ args, options: { only: { type: "string", multiple: true }, long: { type: "boolean", default: false }, help: { type: "boolean", default: false } } });
    const unknown = values.only?.find((name) => !RINGS.includes(name));
    if (unknown !== undefined) throw new Error(`--only ${unknown}: there are ${RINGS.join(", ")}`);
    return { help: values.help, long: values.long, wants: (ring) => !values.only || values.only.includes(ring), all: !values.only };
  } catch (error) {
    throw new Failure(error.message, { mend: "npm test -- --help" });
  }
}
