// One target under libFuzzer: how far it came, and the smallest input that breaks it.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { start } from "../run/children.mjs";
import { LOCAL, ROOT } from "../run/places.mjs";
import { Progress } from "../run/progress.mjs";
import { dictionary, folders } from "./corpus.mjs";

// An input takes microseconds; one that takes seconds is a hole in itself.
const LIMITS = ["-timeout=10", "-rss_limit_mb=1536", "-use_value_profile=0"];
const NARROWING = ["-minimize_crash=1", "-runs=50000", "-max_total_time=60"];

/** { target, executions, seconds, edges, features, inputs, crash } */
export async function run(program, target, options) {
  const wanted = options.runs ?? target.runs;
  const progress = new Progress(target.name, `${wanted.toLocaleString("en")} executions`);
  const broken = join(LOCAL, "fuzz", "broken", target.name);
  rmSync(broken, { recursive: true, force: true });
  mkdirSync(broken, { recursive: true });
  const words = existsSync(dictionary(target)) ? [`-dict=${dictionary(target)}`] : [];
  const what = [`-runs=${wanted}`, `-max_len=${target.mostBytes}`, `-artifact_prefix=${broken}/`, "-print_final_stats=1"];
  const since = Date.now();
  const lines = [];
  const { ended } = start(program, [`--target=${target.name}`, ...LIMITS, ...words, ...what, ...folders(target)], {
    cwd: ROOT,
    onLine: (line) => {
      lines.push(line);
      if (line.startsWith("#")) progress.last = line;
      // Of a long run the last lines are enough.
      if (lines.length > 2_000) lines.splice(0, 1_000);
    },
  });
  const { code, why } = await ended;
  const seconds = (Date.now() - since) / 1000;
  const result = { target, seconds, ...counts(lines) };
  progress.done(code === 0 ? "done" : "broken");
  if (code === 0) return result;
  const [name] = readdirSync(broken);
  return { ...result, crash: name === undefined ? { why: lines.slice(-20).join("\n") || why } : await narrowed(program, target, join(broken, name), lines) };
}

/** One input, once, with all that the target says to it. */
export async function play(program, target, input) {
  const { ended } = start(program, [`--target=${target.name}`, ...LIMITS, input], { onLine: (line) => console.log(line) });
  return (await ended).code === 0 ? 0 : 1;
}

function counts(lines) {
  const last = lines.findLast((line) => / cov: \d+/.test(line)) ?? "";
  const number = (pattern) => Number(pattern.exec(last)?.[1] ?? 0);
  const executed = lines.find((line) => line.startsWith("stat::number_of_executed_units"));
  return {
    executions: Number(executed?.split(":").at(-1) ?? number(/^#(\d+)/)),
    edges: number(/ cov: (\d+)/),
    features: number(/ ft: (\d+)/),
    inputs: number(/ corp: (\d+)/),
  };
}

/** The input made smaller for as long as it breaks the target. */
async function narrowed(program, target, path, lines) {
  const said = [/panicked at/, /ERROR: libFuzzer/].map((words) => lines.findIndex((line) => words.test(line))).find((at) => at >= 0) ?? 0;
  const why = lines.slice(said, said + 4).filter((line) => line.trim() !== "" && line !== "stack backtrace:").join("\n");
  const small = join(path, "..", "smallest");
  const { ended } = start(program, [`--target=${target.name}`, ...LIMITS, ...NARROWING, `-exact_artifact_path=${small}`, path]);
  await ended;
  if (!existsSync(small)) writeFileSync(small, readFileSync(path));
  return { why, bytes: readFileSync(small), path: relative(ROOT, small) };
}
