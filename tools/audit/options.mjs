// The flags of npm run audit, and the words that explain them.
import { parseArgs } from "node:util";
import { Failure } from "../run/failure.mjs";

export const HELP = `npm run audit

Holds Cargo.lock against deny.toml (licences, sources, versions), and asks the databases of advisories of RustSec and npm about
everything in both lock files. A database that does not answer is named and fails nothing.

  --help  this text

Exit code 0: nothing is against it. 1: something is; the table says what.`;

export function readOptions(args = process.argv.slice(2)) {
  try {
    return parseArgs({ args, options: { help: { type: "boolean", default: false } } }).values;
  } catch (error) {
    throw new Failure(error.message, { mend: "npm run audit -- --help" });
  }
}
