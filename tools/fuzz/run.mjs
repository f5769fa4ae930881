// One target under libFuzzer: how far it came, and the smallest input that breaks it.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
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
  const result = { target, executions: 0, seconds: 0 };
  let ended;
  do {
    rmSync(broken, { recursive: true, force: true });
    mkdirSync(broken, { recursive: true });
    ended = await stretch(program, target, wanted - result.executions, { broken, progress });
    Object.assign(result, ended.counts, { executions: result.executions + ended.counts.executions, seconds: result.seconds + ended.seconds });
    // The limit is counted by the clock on the wall: where the computer stood still, no input was slow.
  } while (ended.code !== 0 && result.executions < wanted && (await isQuickAgain(program, target, ended.input)));
  progress.done(ended.code === 0 ? "done" : "broken");
  if (ended.code === 0) return result;
  return { ...result, crash: ended.input ? await narrowed(program, target, ended.input, ended.lines) : { why: ended.lines.slice(-20).join("\n") } };
}

/** So many executions, or as many as nothing broke in. */
async function stretch(program, target, runs, { broken, progress }) {
  const words = existsSync(dictionary(target)) ? [`-dict=${dictionary(target)}`] : [];
  const what = [`-runs=${runs}`, `-max_len=${target.mostBytes}`, `-artifact_prefix=${broken}/`, "-print_final_stats=1"];
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
  const { code } = await ended;
  const name = readdirSync(broken).find((name) => !name.startsWith("slow-unit-"));
  return { code, lines, seconds: (Date.now() - since) / 1000, counts: counts(lines), input: name && join(broken, name) };
}

async function isQuickAgain(program, target, input) {
  if (!input || !basename(input).startsWith("timeout-")) return false;
  const { ended } = start(program, [`--target=${target.name}`, ...LIMITS, input]);
  return (await ended).code === 0;
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
