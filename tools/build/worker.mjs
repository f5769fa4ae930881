// The worker: its pages; Rust to wasm by worker-build, unless what it is made of is unchanged; then its size against the ceiling.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../run/failure.mjs";
import { MODULES, ROOT } from "../run/places.mjs";
import { Progress } from "../run/progress.mjs";
import { wasmBindgen, workerBuild } from "../setup/cargo-tool.mjs";
import { wasmEnvironment } from "../setup/wasm-target.mjs";
import { inputs } from "./inputs.mjs";
import { buildPages } from "./pages.mjs";
import { checkSize } from "./size.mjs";

const STAMP = join(ROOT, "build", ".made-from");
const OUTPUTS = ["index.js", "index_bg.wasm"].map((name) => join(ROOT, "build", name));

export async function buildWorker() {
  await buildPages();
  const now = await inputs();
  const upToDate = OUTPUTS.every(existsSync) && existsSync(STAMP) && readFileSync(STAMP, "utf8") === now;
  if (!upToDate) await compile(now);
  checkSize();
}

async function compile(now) {
  const progress = new Progress("worker", "a minute or two the first time");
  const env = { ...(await wasmEnvironment()), ...helpers() };
  rmSync(STAMP, { force: true });
  await progress.run(workerBuild().path, ["--release"], { cwd: ROOT, env, log: "worker-build", mend: "correct what the compiler names above, then: npm run build" });
  writeFileSync(STAMP, now);
  progress.done();
}

/** The programs that worker-build calls. Given a path that does not exist it would download one, so each is looked at first. */
function helpers() {
  const named = {
    WASM_BINDGEN_BIN: wasmBindgen().path,
    WASM_OPT_BIN: join(MODULES, ".bin", "wasm-opt"),
    ESBUILD_BIN: join(MODULES, ".bin", "esbuild"),
  };
  for (const [name, path] of Object.entries(named)) {
    if (!existsSync(path)) throw new Failure(`${name}: there is no ${path}`, { mend: "rm -rf node_modules && npm run setup" });
  }
  return named;
}
