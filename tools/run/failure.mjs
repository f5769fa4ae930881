// A failure that says what is wrong and what mends it, and the frame around every command that prints it.
import { endAll, isStopping } from "./children.mjs";

export class Failure extends Error {
  /** @param {{ output?: string[], mend?: string }} more the last lines of the program that failed, and what to do */
  constructor(message, { output = [], mend = "" } = {}) {
    super(message);
    this.output = output;
    this.mend = mend;
  }
}

/** Runs a command to its end: whatever happens, no child outlives it. */
export async function main(work) {
  // A closed terminal or pipe must not keep the children from being ended.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  process.on("uncaughtException", (error) => finish(error));
  try {
    await finish(undefined, await work());
  } catch (error) {
    await finish(error);
  }
}

async function finish(error, code = 0) {
  // Whoever was asked to stop ends the process.
  if (isStopping()) return;
  if (error !== undefined) explain(error);
  await endAll();
  process.exit(error === undefined ? code : 1);
}

function explain(error) {
  if (!(error instanceof Failure)) {
    console.error(error);
    return;
  }
  const indented = (lines) => lines.map((line) => `    ${line}`).join("\n");
  if (error.output.length > 0) console.error(`\n${indented(error.output)}`);
  console.error(`\nerror: ${error.message}`);
  if (error.mend) console.error(`\nTo mend it:\n${indented(error.mend.split("\n"))}`);
}
