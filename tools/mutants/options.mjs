// The flags of npm run mutants, and the words that explain them.
import { parseArgs } from "node:util";
import { Failure } from "../run/failure.mjs";

const HALVES = ["sql", "rust"];

export const HELP = `npm run mutants -- [flags]

Changes one place at a time and plays the tests until one fails. What none notices is a gap in the tests, or explained.
  sql   the statements of the store that claim and settle, by random schedules and by the stories; nothing is compiled again
  rust  signature, challenge, OAuth, tokens and the way of a message, by cargo-mutants (.cargo/mutants.toml); each is compiled

  --only HALF  only that one
  --of NAME    only what begins so: a statement (outbox::claim), or a file (src/seal.rs)
  --dev        of sql: schedules as the tests are built, slower, but without a build of their own
  --list       the mutants; nothing is played
  --help       this text

Exit code 0: each is noticed, or explained. 1: one is not.`;

export function readOptions(args = process.argv.slice(2)) {
  try {
    const text = { type: "string" };
    const flag = { type: "boolean", default: false };
    const { values } = parseArgs({ args, options: { only: text, of: text, list: flag, dev: flag, help: flag } });
    if (values.only !== undefined && !HALVES.includes(values.only)) throw new Error(`--only ${values.only}: there are ${HALVES.join(", ")}`);
    return values;
  } catch (error) {
    throw new Failure(error.message, { mend: "npm run mutants -- --help" });
  }
}
