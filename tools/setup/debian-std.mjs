// Debian's rustc for wasm32, with a standard library built from its sources. As root: node tools/setup/debian-std.mjs
import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { endChildrenOnStop } from "../run/children.mjs";
import { environment } from "../run/environment.mjs";
import { main } from "../run/failure.mjs";
import { ROOT } from "../run/places.mjs";
import { Progress } from "../run/progress.mjs";
import { installPackages } from "./system.mjs";

export const DEBIAN_CARGO = "/usr/bin/cargo";
export const DEBIAN_RUSTC = "/usr/bin/rustc";
export const DEBIAN_STD = "/usr/lib/rustlib/wasm32-unknown-unknown/lib";

const TARGET = "wasm32-unknown-unknown";
const PACKAGES = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"];

export async function buildDebianStd(progress) {
  await installPackages(progress, { why: `no compiler for ${TARGET}`, debian: PACKAGES, mac: "", other: "" });
  const crate = emptyCrate();
  try {
    await compile(progress, crate);
    place(join(crate, "target", TARGET, "release", "deps"));
    // What an older standard library compiled does not go with the new one (error E0460).
    rmSync(join(ROOT, "target", "wasm"), { recursive: true, force: true });
  } finally {
    rmSync(crate, { recursive: true, force: true });
  }
}

function emptyCrate() {
  const crate = mkdtempSync(join(tmpdir(), "perch-std-"));
  writeFileSync(join(crate, "Cargo.toml"), '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n\n[lib]\npath = "lib.rs"\n');
  writeFileSync(join(crate, "lib.rs"), "");
  return crate;
}

async function compile(progress, crate) {
  const env = environment({
    RUSTC_BOOTSTRAP: "1",
    RUSTC: DEBIAN_RUSTC,
    // Without it a later `lto = true` finds no section .llvmbc.
    RUSTFLAGS: "-C embed-bitcode=yes",
    CARGO_TARGET_DIR: join(crate, "target"),
  });
  const args = ["build", "--release", "--target", TARGET, "-Z", "build-std=std,panic_abort,panic_unwind"];
  await progress.run(DEBIAN_CARGO, args, { cwd: crate, env, log: "debian-std", mend: "npm run setup" });
}

/** Copies beside the final place and renames, so that half a library is never taken for a whole one. */
function place(deps) {
  const home = dirname(DEBIAN_STD);
  const part = `${home}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(join(part, "lib"), { recursive: true });
  for (const name of readdirSync(deps)) {
    if (name.endsWith(".rlib") && !name.startsWith("libempty-")) cpSync(join(deps, name), join(part, "lib", name));
  }
  rmSync(home, { recursive: true, force: true });
  renameSync(part, home);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  endChildrenOnStop();
  await main(async () => {
    const progress = new Progress(`standard library for ${TARGET}`, "about 3 minutes");
    await buildDebianStd(progress);
    progress.done();
  });
}
