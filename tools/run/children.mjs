// Child processes, each in a process group of its own, so that whatever a child started ends with it.
import { spawn } from "node:child_process";
import { constants } from "node:os";

const running = new Set();
let over = false;
const POLITE_MS = 8_000;
const FORCED_MS = 2_000;
const SAME_CTRL_C_MS = 1_000;
const PARENT_MS = 1_000;
export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Starts a program in a new process group; its output arrives at `onLine(line, "stdout" | "stderr")`. */
export function start(command, args, { cwd, env, onLine = () => {} } = {}) {
  // What comes next in a program that is being ended would outlive it.
  if (over) return { pid: undefined, ended: new Promise(() => {}) };
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  if (child.pid !== undefined) running.add(child.pid);
  for (const stream of ["stdout", "stderr"]) eachLine(child[stream], (line) => onLine(line, stream));
  const ended = new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: 127, why: error.message }));
    child.once("close", (code, signal) => resolve({ code: code ?? 1, why: signal ? `ended by ${signal}` : `exit code ${code}` }));
  });
  return { pid: child.pid, ended };
}

/** Ends a child and everything it started: politely, then by force. Resolves when the group is gone. */
export async function end(pid) {
  if (pid === undefined) return;
  running.delete(pid);
  if (!signal(pid, "SIGTERM")) return;
  if (await gone(pid, POLITE_MS)) return;
  signal(pid, "SIGKILL");
  await gone(pid, FORCED_MS);
}

/** Ends them all; nothing is started from then on. */
export async function endAll() {
  over = true;
  await Promise.all([...running].map(end));
}

let stopping = false;
/** True from the first request to end on: what fails after it is no news. */
export const isStopping = () => stopping;

/** Calls `stop(signal)` at the first request to end; a second Ctrl-C ends everything by force. */
export function onStop(stop) {
  let since = 0;
  const asked = (name) => {
    if (!stopping) {
      stopping = true;
      since = Date.now();
      stop(name);
      return;
    }
    // One Ctrl-C arrives twice: from the terminal, and handed on by npm.
    if (name !== "SIGINT" || Date.now() - since < SAME_CTRL_C_MS) return;
    for (const pid of running) signal(pid, "SIGKILL");
    process.exit(130);
  };
  for (const name of SIGNALS) process.on(name, () => asked(name));
  onAbandoned(() => asked("SIGHUP"));
}

/** Calls `left` when the process that started this one was ended by force: nothing else would say so. */
export function onAbandoned(left) {
  process.once("disconnect", left);
  process.channel?.unref();
  // npm lives as long as its script does; other parents may end and mean nothing by it.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && left(), PARENT_MS).unref();
}

/** For a command that has nothing to tidy up but its children. */
export function endChildrenOnStop() {
  onStop(async (name) => {
    await endAll();
    leave(name);
  });
}

/** Ends this process as the signal would have. */
export function leave(name) {
  if (name !== "SIGHUP") process.exit(128 + constants.signals[name]);
  // Node aborts when it tidies up a terminal that is gone; the signal itself does not tidy.
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}

function signal(pid, name) {
  try {
    process.kill(-pid, name);
    return true;
  } catch {
    return false;
  }
}

async function gone(pid, within) {
  const deadline = Date.now() + within;
  while (signal(pid, 0)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return true;
}

function eachLine(stream, onLine) {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk) => {
    const lines = (rest + chunk).split(/\r\n|\n|\r/);
    rest = lines.pop();
    lines.forEach(onLine);
  });
  stream.on("end", () => rest && onLine(rest));
}
