// The configuration of the Worker with its bindings wrapped: that of the real one, and another file to begin with.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../run/failure.mjs";
import { ROOT } from "../run/places.mjs";

const CHANGES = [
  ['main = "build/index.js"', 'main = "../tests/worker/wrapped.mjs"'],
  ['migrations_dir = "migrations"', 'migrations_dir = "../migrations"'],
  ['directory = "public"', 'directory = "../public"'],
  ['[build]\ncommand = "node tools/build.mjs"', ""],
];

/** Written beside the build, which it belongs to. */
export function wrappedConfig() {
  let text = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
  for (const [from, to] of CHANGES) {
    if (!text.includes(from)) throw new Failure(`wrangler.toml no longer says: ${from}`, { mend: "correct tools/measure/wrapped.mjs" });
    text = text.replaceAll(from, to);
  }
  const path = join(ROOT, "build", "wrapped.toml");
  writeFileSync(path, text);
  return path;
}
