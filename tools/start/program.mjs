// A program that is meant to run until the end: its output goes to a log, its errors to the screen, its death is news.
import { createWriteStream, mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import { start } from "../run/children.mjs";
import { Failure } from "../run/failure.mjs";
import { LOGS, ROOT } from "../run/places.mjs";

const KEPT_LINES = 30;
const ALARMING = /\berror\b|panicked|uncaught/i;

/** `died` rejects when the program ends by itself; it never resolves. */
export function startProgram(name, command, args, { env, verbose }) {
  mkdirSync(LOGS, { recursive: true });
  const path = join(LOGS, `${name}.log`);
  const file = createWriteStream(path, { flags: "w" });
  const lines = [];
  const { ended } = start(command, args, {
    cwd: ROOT,
    env,
    onLine: (line) => {
      file.write(`${line}\n`);
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      if (verbose || ALARMING.test(line)) console.log(`[${name}] ${line}`);
    },
  });
  const died = ended.then(({ why }) => {
    const mend = `see ${relative(ROOT, path)}; to start from nothing: npm start -- --reset`;
    throw new Failure(`${name} ended by itself: ${why}`, { output: verbose ? [] : lines, mend });
  });
  // It may end before anyone looks, and is looked at all the same.
  died.catch(() => {});
  return { died };
}
