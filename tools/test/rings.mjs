// What each ring runs. Its order is the order of the house: the innermost, quickest one first.
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { buildWorker } from "../build/worker.mjs";
import { environment, quietWrangler } from "../run/environment.mjs";
import { LOCAL, ROOT } from "../run/places.mjs";
import { chromiumPath } from "../setup/chromium.mjs";
import { cargoCounts, nodeCounts } from "./counters.mjs";
import { Ring } from "./ring.mjs";

const native = () => environment({ CARGO_TARGET_DIR: join(ROOT, "target"), CARGO_TERM_COLOR: process.stdout.isTTY ? "always" : "never" });

export async function form() {
  const ring = new Ring("form", "formatting and lints");
  await ring.check("cargo", ["fmt", "--all", "--check"], { env: native() });
  await ring.check("cargo", ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], { env: native() });
  return ring.done();
}

export async function vectors() {
  const ring = new Ring("vectors", "the tests beside the code");
  await cargoTest(ring, ["--lib", "--bins"]);
  await cargoTest(ring, ["--doc"]);
  return ring.done();
}

export async function stories() {
  const ring = new Ring("stories", "whole flows, and the rules of the house");
  await cargoTest(ring, ["--test", "*"]);
  return ring.done();
}

export async function worker() {
  const ring = new Ring("worker", "the real wasm in workerd, the pages in a browser");
  const files = testFiles(join(ROOT, "tests", "worker"));
  if (!(await ring.attempt(buildWorker))) return ring.done();
  if (files.length === 0) {
    ring.note = "there is no test in tests/worker yet";
    return ring.done();
  }
  // The simulator that these tests start.
  await ring.check("cargo", ["build", "--package", "perch-simulator", "--bins"], { env: native() });
  const env = environment({ ...quietWrangler(), CHROMIUM: chromiumPath(), WRANGLER_LOG_PATH: join(LOCAL, "logs", "wrangler"), WRANGLER_REGISTRY_PATH: join(LOCAL, "test-registry") });
  await ring.count(process.execPath, ["--test", "--test-concurrency=1", "--test-reporter=spec", ...files], { env, counter: nodeCounts });
  return ring.done();
}

function cargoTest(ring, which) {
  return ring.count("cargo", ["test", "--workspace", "--no-fail-fast", ...which], { env: native(), counter: cargoCounts });
}

function testFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.test\.m?js$/.test(name))
    .sort()
    .map((name) => relative(ROOT, join(folder, name)));
}
