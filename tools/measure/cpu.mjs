// The time that processes have computed so far, as Linux counts it.
import { readdirSync, readFileSync } from "node:fs";

/** One tick of /proc/PID/stat, in milliseconds: 100 a second wherever Node runs. */
const TICK_MS = 10;

/** Of this process; undefined where there is no /proc. */
export function cpuMs(pid) {
  return stat(pid)?.ms;
}

/** Of the workerd that this process has started. */
export function workerdCpuMs() {
  if (stat("self") === undefined) return undefined;
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(stat);
  const ours = all.filter((one) => one?.name === "workerd" && one.parent === process.pid);
  return ours.reduce((sum, { ms }) => sum + ms, 0);
}

function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const end = text.lastIndexOf(")");
    const fields = text.slice(end + 2).split(" ");
    return { name: text.slice(text.indexOf("(") + 1, end), parent: Number(fields[1]), ms: (Number(fields[11]) + Number(fields[12])) * TICK_MS };
  } catch {
    return undefined;
  }
}
