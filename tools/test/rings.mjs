// What each ring runs. Its order is the order of the house: the innermost, quickest one first.
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { buildWorker } from "../build/worker.mjs";
import { AS_TESTED, OPTIMIZED, built } from "../run/built.mjs";
import { environment, quietWrangler } from "../run/environment.mjs";
import { LOCAL, LOGS, ROOT } from "../run/places.mjs";
import { chromiumPath } from "../setup/chromium.mjs";
import { TARGET, wasmCompiler, wasmEnvironment } from "../setup/wasm-target.mjs";
import { cargoCounts, nodeCounts } from "./counters.mjs";
import { Ring } from "./ring.mjs";

/** The stories run first where X's v1.1 is open and the enterprise product delivers; then where both are otherwise. */
const WORLDS = [["xaa", "plain"]];
const MORE_WORLDS = [["enterprise", "plain"], ["xaa", "rich"], ["aaa", "rich"], ["aaa", "plain"]];
const worlds = (long) => [...WORLDS, ...(long ? MORE_WORLDS : [])].map(([hears, speaks]) => ({ PERCH_HEARS: hears, PERCH_SPEAKS: speaks }));

const native = () => environment({ CARGO_TARGET_DIR: join(ROOT, "target"), CARGO_TERM_COLOR: process.stdout.isTTY ? "always" : "never" });

export async function form() {
  const ring = new Ring("form", "formatting and lints");
  await ring.check("cargo", ["fmt", "--all", "--check"], { env: native() });
  await ring.check("cargo", ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], { env: native() });
  // src/cloudflare is compiled for wasm32 only, and Debian's stand-in brings no clippy.
  if ((await wasmCompiler()) === "rustup") {
    // As it is released: what runs while it is compiled is then built once, for these lints and for the worker.
    await ring.check("cargo", ["clippy", "--release", "--target", TARGET, "--lib", "--", "-D", "warnings"], { env: await wasmEnvironment() });
  } else {
    ring.note = `clippy did not see src/cloudflare: it has no ${TARGET} here`;
  }
  return ring.done();
}

export async function vectors() {
  const ring = new Ring("vectors", "the tests beside the code");
  await cargoTest(ring, ["--lib", "--bins"]);
  await cargoTest(ring, ["--doc"]);
  return ring.done();
}

export async function stories(long) {
  const ring = new Ring("stories", "whole flows, and the rules of the house");
  // Which story comes to which statement: the mutants want to know, and need not play them all once more.
  const met = join(ROOT, "target", "debug", "deps", "stories.met");
  const part = `${met}.part`;
  rmSync(part, { force: true });
  if (await cargoTest(ring, ["--test", "*"], { PERCH_MET: part })) renameSync(part, met);
  for (const world of worlds(long)) await cargoTest(ring, ["--test", "stories"], world);
  return ring.done();
}

export async function worker() {
  const ring = new Ring("worker", "the real wasm in workerd, the pages in a browser");
  if (!(await ring.attempt(buildWorker))) return ring.done();
  const folder = join(ROOT, "tests", "worker");
  if (!existsSync(folder)) {
    ring.note = "only built: there is no tests/worker yet";
    return ring.done();
  }
  // The programs that these tests start; asked for with the tests, their libraries are those that are there.
  await ring.check("cargo", ["build", "--workspace", "--bins", "--tests"], { env: native() });
  const env = environment({
    ...quietWrangler(),
    CHROMIUM: chromiumPath(),
    WRANGLER_LOG_PATH: join(LOGS, "wrangler"),
    WRANGLER_REGISTRY_PATH: join(LOCAL, "test-registry"),
  });
  await ring.count(process.execPath, ["--test", "--test-concurrency=1", "--test-reporter=spec", ...testFiles(folder)], { env, counter: nodeCounts });
  return ring.done();
}

/** What must hold whatever happens: `long` is what is run before a release. */
export async function proof(long) {
  const ring = new Ring("proof", "random schedules of trouble, load, cost, and others beside it");
  // What takes long is worth a build of its own.
  const how = long ? OPTIMIZED : AS_TESTED;
  let simulate;
  if (!(await ring.attempt(async () => (simulate = await built(["build", ...how, "--example", "simulate"], "simulate"))))) return ring.done();
  await ring.check(simulate, ["--schedules", long ? "100000" : "4000"], { env: native() });
  for (const world of worlds(long)) await ring.check(simulate, ["--schedules", long ? "10000" : "500"], { env: { ...native(), ...world } });
  await ring.check(simulate, ["--planted"], { env: native() });
  await ring.check("cargo", ["bench", "--quiet", ...how, "--bench", "growth", "--", long ? "1000000" : "20000"], { env: native() });
  // What a customer of the engine waits: a figure, and a fault only where it is ten times too long.
  await ring.check("cargo", ["bench", "--quiet", ...how, "--bench", "chat"], { env: native() });
  await ring.check(process.execPath, [join("tools", "audit.mjs")], { env: environment() });
  // Whether each message is answered once, and what it costs, is a check; how fast is a figure.
  const measure = (name, ...flags) => ring.check(process.execPath, [join("tools", `${name}.mjs`), ...flags], { env: environment() });
  await measure("load", ...(long ? ["--rate", "60", "--seconds", "60"] : ["--rate", "10", "--seconds", "10"]));
  await measure("cost");
  await measure("bench", ...(long ? [] : ["--quick"]));
  await measure("mutants", "--only", "sql", ...(long ? [] : ["--of", "outbox::unknown_of", "--dev"]));
  // What was found is played by the vectors; looking for more takes its time.
  if (long) await measure("fuzz", "--runs", "100000");
  return ring.done();
}

/** Always of the whole workspace: one package alone asks its libraries for less, and has them built once more. */
function cargoTest(ring, which, world = {}) {
  return ring.count("cargo", ["test", "--no-fail-fast", "--workspace", ...which], { env: { ...native(), ...world }, counter: cargoCounts });
}

/** Named one by one: given a folder or nothing, Node would look elsewhere, or find nothing and call it a success. */
function testFiles(folder) {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.test\.m?js$/.test(name));
  return names.length > 0 ? names.sort().map((name) => relative(ROOT, join(folder, name))) : [relative(ROOT, join(folder, "no-test-found.test.mjs"))];
}
