// The program with all targets in it, its code counting where it has been: by flags that the stable compiler takes.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { environment } from "../run/environment.mjs";
import { ROOT } from "../run/places.mjs";
import { Progress } from "../run/progress.mjs";
import { rustc } from "../setup/rust.mjs";

// What libFuzzer reads: a counter for each edge, where each stands, and what is compared with what.
const COUNTED = ["level=4", "inline-8bit-counters", "pc-table", "trace-compares"];

// Code built otherwise than everything else stands apart from it.
const FOLDER = join(ROOT, "target", "fuzz");

/** { program, targets: [{ name, runs, mostBytes, what }] } */
export async function build() {
  const { host } = await rustc();
  const flags = ["-Cpasses=sancov-module", ...COUNTED.map((what) => `-Cllvm-args=-sanitizer-coverage-${what}`)];
  const env = environment({ CARGO_TARGET_DIR: FOLDER, RUSTFLAGS: flags.join(" ") });
  // With the target named, build scripts and macros are built without the flags: they could not be linked with them.
  const what = ["--package", "perch-fuzz", "--features", "engine", "--bin", "fuzz", "--profile", "fuzz", "--target", host];
  const progress = new Progress("fuzz targets", "some minutes the first time");
  await progress.run("cargo", ["build", ...what], { cwd: ROOT, env, log: "fuzz", mend: "npm run fuzz -- --help" });
  progress.done();
  const program = join(FOLDER, host, "fuzz", "fuzz");
  const { stdout } = await promisify(execFile)(program, ["--list"]);
  const targets = stdout.trim().split("\n").map((line) => {
    const [name, runs, mostBytes, what] = line.split("\t");
    return { name, runs: Number(runs), mostBytes: Number(mostBytes), what };
  });
  return { program, targets };
}
