// The flags of npm run bench, and the words that explain them.
import { parseArgs } from "node:util";
import { Failure } from "../run/failure.mjs";

export const HELP = `npm run bench -- [flags]

Perch beside other receivers of X's webhooks, on this computer: the answer to the challenge, and the taking of a signed delivery.
All run at once and are measured in turn, so that what else the computer does hits them alike; ratios count, not the numbers.

  --quick      three rounds of the Workers alone
  --rounds N   ten, unless told otherwise
  --seconds N  for each receiver, call and round (2)
  --help       this text`;

export function readOptions(args = process.argv.slice(2)) {
  try {
    const flag = { type: "boolean", default: false };
    const { values } = parseArgs({ args, options: { quick: flag, rounds: { type: "string" }, seconds: { type: "string" }, help: flag } });
    return { help: values.help, quick: values.quick, rounds: whole(values, "rounds", values.quick ? 3 : 10), seconds: whole(values, "seconds", values.quick ? 1 : 2) };
  } catch (error) {
    throw new Failure(error.message, { mend: "npm run bench -- --help" });
  }
}

function whole(values, name, otherwise) {
  const given = values[name] === undefined ? otherwise : Number(values[name]);
  if (!Number.isInteger(given) || given < 1 || given > 100) throw new Error(`--${name} ${values[name]}: a whole number from 1 to 100`);
  return given;
}
