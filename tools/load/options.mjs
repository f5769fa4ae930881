// The flags of npm run load, and the words that explain them.
import { parseArgs } from "node:util";
import { Failure } from "../run/failure.mjs";

export const HELP = `npm run load -- [flags]

Customers of a simulated X write to the built Worker in workerd on this computer at a steady rate, signed, however slow the
answers are. Then every message is looked up: each has to be answered exactly once.

  --rate N       messages a second (50)
  --seconds N    for so long (20)
  --customers N  from so many people, in turn (a quarter of the messages)
  --within N     give up where nothing more is written or answered for so long, in seconds (60)
  --help         this text

Exit code 0: every message was accepted and answered once. 1: not so; the table says what happened.`;

export function readOptions(args = process.argv.slice(2)) {
  const number = { type: "string" };
  try {
    const { values } = parseArgs({ args, options: { rate: number, seconds: number, customers: number, within: number, help: { type: "boolean", default: false } } });
    const rate = whole(values, "rate", 50, 5_000);
    const seconds = whole(values, "seconds", 20, 3_600);
    const customers = whole(values, "customers", Math.max(1, Math.min(100_000, Math.ceil((rate * seconds) / 4))), 100_000);
    return { help: values.help, rate, seconds, customers, within: whole(values, "within", 60, 3_600) };
  } catch (error) {
    throw new Failure(error.message, { mend: "npm run load -- --help" });
  }
}

function whole(values, name, otherwise, most) {
  const given = values[name] === undefined ? otherwise : Number(values[name]);
  if (!Number.isInteger(given) || given < 1 || given > most) throw new Error(`--${name} ${values[name]}: a whole number from 1 to ${most}`);
  return given;
}
