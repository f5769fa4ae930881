// The worker: its pages; Rust to wasm, its bindings, and the entry before both, unless what they are made of is unchanged; then the size.
// This stands in for worker-build, whose entry makes objects of JavaScript of every request: the entry here hands over one text
// each way, and begins a new instance after a panic.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MODULES, ROOT } from "../run/places.mjs";
import { Progress } from "../run/progress.mjs";
import { wasmBindgen } from "../setup/cargo-tool.mjs";
import { TARGET, wasmEnvironment } from "../setup/wasm-target.mjs";
import { inputs } from "./inputs.mjs";
import { buildPages } from "./pages.mjs";
import { checkSize } from "./size.mjs";

const BUILD = join(ROOT, "build");
const STAMP = join(BUILD, ".made-from");
const OUTPUTS = ["index.js", "index_bg.wasm"].map((name) => join(BUILD, name));
const WASM_OPT = join(MODULES, ".bin", "wasm-opt");
const FROM = join(ROOT, "src", "cloudflare");

/** What Rust and wasm-bindgen put into a module, and nothing that workerd may not know yet. */
const FEATURES = ["mutable-globals", "sign-ext", "nontrapping-float-to-int", "bulk-memory", "multivalue", "reference-types", "exception-handling"];

export async function buildWorker() {
  await buildPages();
  const now = await inputs();
  const upToDate = OUTPUTS.every(existsSync) && existsSync(STAMP) && readFileSync(STAMP, "utf8") === now;
  if (!upToDate) await compile(now);
  checkSize();
}

async function compile(now) {
  const progress = new Progress("worker", "a minute or two the first time");
  const env = await wasmEnvironment();
  const run = (program, args) => progress.run(program, args, { cwd: ROOT, env, log: "worker", mend: "correct what is named above, then: npm run build" });
  const made = join(env.CARGO_TARGET_DIR, TARGET, "release", "perch.wasm");
  const bound = join(env.CARGO_TARGET_DIR, "bound");
  rmSync(STAMP, { force: true });
  mkdirSync(BUILD, { recursive: true });
  await run("cargo", ["build", "--release", "--lib", "--target", TARGET]);
  // A panic ends an instance for good; with these the bindings begin a new one at the next call.
  await run(wasmBindgen().path, [made, "--out-dir", bound, "--out-name", "index", "--target", "module", "--no-typescript", "--experimental-reset-state-function", "--force-enable-abort-handler"]);
  // The names stay: a trace without them says nothing.
  await run(WASM_OPT, ["-O", ...FEATURES.map((feature) => `--enable-${feature}`), "--debuginfo", join(bound, "index_bg.wasm"), "-o", OUTPUTS[1]]);
  await bundle(bound);
  writeFileSync(STAMP, now);
  progress.done();
}

async function bundle(bound) {
  // It is there only once the packages are.
  const { build } = await import("esbuild");
  const options = { bundle: true, minify: true, format: "esm", target: "esnext", legalComments: "none", logLevel: "warning" };
  const { outputFiles } = await build({ ...options, entryPoints: [join(FROM, "entry.js")], alias: { perch: join(bound, "index.js") }, external: ["cloudflare:*", "*.wasm"], write: false });
  // wrangler gives the compiled module to an ordinary import.
  writeFileSync(OUTPUTS[0], outputFiles[0].text.replace("import source ", "import "));
}
