// One long piece of work, shown as it goes: a live line on a terminal, a line every twenty seconds elsewhere.
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { isStopping, start } from "./children.mjs";
import { Failure } from "./failure.mjs";
import { LOGS } from "./places.mjs";

const QUIET_MS = 20_000;
const LIVE_MS = 200;
const KEPT_LINES = 30;

export class Progress {
  constructor(label, about = "") {
    this.label = label;
    this.live = Boolean(process.stdout.isTTY);
    this.since = Date.now();
    this.last = "";
    this.head = `${label} ...${about ? ` (${about})` : ""}`;
    if (!this.live) console.log(this.head);
    this.timer = setInterval(() => this.show(), this.live ? LIVE_MS : QUIET_MS);
  }

  /** Runs a program to its end and returns its output; a failure carries its last lines and the mend. Unless it is fatal, the work goes on. */
  async run(command, args, { cwd, env, mend, log = "setup", fatal = true } = {}) {
    mkdirSync(LOGS, { recursive: true });
    const path = join(LOGS, `${log}.log`);
    const file = createWriteStream(path, { flags: "a" });
    file.write(`\n$ ${command} ${args.join(" ")}\n`);
    const lines = [];
    const child = start(command, args, {
      cwd,
      // A backtrace of a tool would push its message out of the lines that are shown.
      env: { ...env, RUST_BACKTRACE: "0" },
      onLine: (line) => {
        file.write(`${line}\n`);
        lines.push(line);
        if (line.trim()) this.last = line.trim();
      },
    });
    const { code, why } = await child.ended;
    file.end();
    if (code === 0) return lines;
    if (fatal) this.stop("failed");
    throw new Failure(`${[command, ...args].join(" ")}: ${why} (all of its output: ${path})`, { output: lines.slice(-KEPT_LINES), mend });
  }

  done(note = "done") {
    this.stop(note);
  }

  stop(note) {
    if (this.timer === undefined) return;
    clearInterval(this.timer);
    this.timer = undefined;
    if (this.live) process.stdout.write("\r\x1b[K");
    console.log(`${this.label}: ${isStopping() ? "stopped" : note} (${this.seconds()} s)`);
  }

  show() {
    const said = this.last.replace(/\x1b\[[0-9;]*[A-Za-z]/g, "");
    if (!this.live) {
      console.log(`      ${this.seconds()} s: ${said}`);
      return;
    }
    const width = process.stdout.columns || 80;
    process.stdout.write(`\r\x1b[K${`${this.head}  ${this.seconds()} s  ${said}`.slice(0, width - 1)}`);
  }

  seconds() {
    return Math.round((Date.now() - this.since) / 1000);
  }
}
