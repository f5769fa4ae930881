// Tools that cargo builds from source once per version: the wasm-bindgen that fits Cargo.lock, and the auditor of dependencies.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { environment } from "../run/environment.mjs";
import { Failure } from "../run/failure.mjs";
import { CACHE, ROOT } from "../run/places.mjs";

export const wasmBindgen = () => cargoTool({ crate: "wasm-bindgen-cli", program: "wasm-bindgen", version: locked("wasm-bindgen"), about: "about 3 minutes" });

export const cargoDeny = () => cargoTool({ crate: "cargo-deny", program: "cargo-deny", version: "0.20.2", about: "about 5 minutes" });

function cargoTool({ crate, program, version, about }) {
  const home = join(CACHE, `${crate}-${version}`);
  const path = join(home, "bin", program);
  return {
    name: `${program} ${version}`,
    about,
    path,
    missing: () => (existsSync(path) ? undefined : path),
    async make(progress) {
      const [part, building] = [`${home}.part`, join(CACHE, "building", `${crate}-${version}`)];
      mkdirSync(CACHE, { recursive: true });
      const args = ["install", crate, "--version", version, "--locked", "--force", "--root", part];
      // What was compiled before an interruption is used again; only the finished tool gets the name that counts.
      await progress.run("cargo", args, { cwd: CACHE, env: environment({ CARGO_TARGET_DIR: building }), log: crate, mend: "npm run setup" });
      rmSync(home, { recursive: true, force: true });
      renameSync(part, home);
      rmSync(building, { recursive: true, force: true });
    },
  };
}

/** The version that Cargo.lock names: the crate and its command line must be the same. */
function locked(crate) {
  const lock = readFileSync(join(ROOT, "Cargo.lock"), "utf8");
  const version = new RegExp(`^name = "${crate}"\nversion = "([^"]+)"`, "m").exec(lock)?.[1];
  if (version === undefined) throw new Failure(`Cargo.lock names no ${crate}`, { mend: "git checkout Cargo.lock" });
  return version;
}
