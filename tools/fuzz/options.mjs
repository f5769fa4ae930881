// The flags of npm run fuzz, and the words that explain them.
import { parseArgs } from "node:util";
import { Failure } from "../run/failure.mjs";

const QUICK = 20_000;

export const HELP = `npm run fuzz -- [flags]

Every parser of foreign bytes (deliveries, signatures, X's answers, scripts, requests …) under libFuzzer, on the stable toolchain:
inputs that reach new code are kept and changed further, and each target looks at what must hold whatever comes in. Goes on from
tests/fuzz/corpus and from what earlier runs found (.perch/fuzz). Without flags each target runs as often as a release wants.

  --target NAME  that target alone; may be given more than once
  --runs N       so many executions of each
  --quick        ${QUICK.toLocaleString("en")} executions of each
  --keep         the corpus in tests/fuzz/corpus is made anew: the fewest and smallest inputs that reach all that was reached
  --input FILE   plays one input through the target, once, and shows what it does
  --help         this text

Exit code 0: nothing broke. 1: something did; the input that shows it stands below the table.`;

export function readOptions(args = process.argv.slice(2)) {
  try {
    const flag = { type: "boolean", default: false };
    const options = { target: { type: "string", multiple: true }, runs: { type: "string" }, quick: flag, keep: flag, input: { type: "string" }, help: flag };
    const { values } = parseArgs({ args, options });
    const runs = values.runs === undefined ? undefined : Number(values.runs.replaceAll("_", ""));
    if (runs !== undefined && !(Number.isInteger(runs) && runs > 0)) throw new Error(`--runs ${values.runs}: it is a whole number above 0`);
    if (values.input !== undefined && values.target?.length !== 1) throw new Error("--input goes with one --target");
    return { ...values, runs: runs ?? (values.quick ? QUICK : undefined) };
  } catch (error) {
    throw new Failure(error.message, { mend: "npm run fuzz -- --help" });
  }
}

/** The targets that were asked for, in the order of the table. */
export function chosen(targets, options) {
  const unknown = options.target?.find((name) => !targets.some((target) => target.name === name));
  if (unknown === undefined) return targets.filter((target) => !options.target || options.target.includes(target.name));
  throw new Failure(`there is no target ${unknown}`, { mend: `One of: ${targets.map((target) => target.name).join(", ")}` });
}
