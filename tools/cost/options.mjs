// The flags of npm run cost, and the words that explain them.
import { parseArgs } from "node:util";
import { Failure } from "../run/failure.mjs";

export const HELP = `npm run cost -- [flags]

What one answered message costs: customers of a simulated X write to the built Worker in workerd, every call of its bindings is
counted, and the counts are priced as Cloudflare and X list them. Above the ceiling of tools/cost-ceiling.json it fails.

  --statements  each statement with the rows that it reads and writes
  --help        this text`;

export function readOptions(args = process.argv.slice(2)) {
  try {
    const flag = { type: "boolean", default: false };
    return parseArgs({ args, options: { statements: flag, help: flag } }).values;
  } catch (error) {
    throw new Failure(error.message, { mend: "npm run cost -- --help" });
  }
}
