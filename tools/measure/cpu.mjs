// The time that workerd has computed so far, as Linux counts it for our children.
import { readdirSync, readFileSync } from "node:fs";

/** One tick of /proc/PID/stat, in milliseconds: 100 a second wherever Node runs. */
const TICK_MS = 10;

/** Undefined where there is no /proc. */
export function workerdCpuMs() {
  let pids;
  try {
    pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return undefined;
  }
  return pids.reduce((sum, pid) => sum + ours(pid), 0);
}

function ours(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [, parent] = fields;
    if (name !== "workerd" || Number(parent) !== process.pid) return 0;
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return 0;
  }
}
