// npm start as people have it, beside a run of the same folder, whose database and keys stay as they are.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { until } from "../../tools/run/until.mjs";
import { ROOT, freePort } from "./house.mjs";

/** Two ports that are free: the system may give the same one twice. */
export async function twoPorts() {
  const one = await freePort();
  for (;;) {
    const other = await freePort();
    if (other !== one) return [one, other];
  }
}

/** Runs of one local database; gone with the test file, and so are the runs. */
export function starter() {
  const local = mkdtempSync(join(tmpdir(), "perch-start-"));
  const runs = [];
  after(async () => {
    for (const { program, ended } of runs) {
      program.kill("SIGTERM");
      await ended;
    }
    rmSync(local, { recursive: true, force: true });
  });
  return (...flags) => {
    // A group of its own, as in a terminal: Ctrl-C reaches all of it.
    const program = spawn(process.execPath, [join(ROOT, "tools", "start.mjs"), ...flags], { cwd: ROOT, env: { ...process.env, PERCH_LOCAL: local }, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const run = { program, said: "", ended: once(program, "exit") };
    for (const stream of [program.stdout, program.stderr]) stream.on("data", (text) => (run.said += text));
    runs.push(run);
    return run;
  };
}

/** Waits until it is up; the address of its phone. */
export async function isUp(run) {
  await until("npm start", () => run.said.includes("Perch is up") || run.program.exitCode !== null, { within: 300_000 });
  if (run.program.exitCode !== null) throw new Error(run.said);
  return run.said.match(/(?<=The phone +)http\S+/)[0];
}

/** A process and all that it has started, and they. */
export function descendants(pid) {
  const all = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (const one of found) found.push(...all.filter(([, parent]) => parent === one).map(([child]) => child));
  return found;
}
