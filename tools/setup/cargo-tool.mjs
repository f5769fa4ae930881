// Tools that cargo builds from source once per version: worker-build, and the wasm-bindgen that fits Cargo.lock.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { environment, which } from "../run/environment.mjs";
import { Failure } from "../run/failure.mjs";
import { CACHE, ROOT } from "../run/places.mjs";
import { installPackages } from "./system.mjs";

export const wasmBindgen = () => cargoTool({ crate: "wasm-bindgen-cli", program: "wasm-bindgen", version: locked("wasm-bindgen"), about: "about 3 minutes" });
export const workerBuild = () => cargoTool({ crate: "worker-build", program: "worker-build", version: "0.8.7", about: "about 5 minutes", first: opensslHeaders });

function cargoTool({ crate, program, version, about, first }) {
  const home = join(CACHE, `${crate}-${version}`);
  const path = join(home, "bin", program);
  return {
    name: `${program} ${version}`,
    about,
    path,
    missing: () => (existsSync(path) ? undefined : path),
    async make(progress) {
      if (first) await first(progress);
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

/** worker-build can download, so it links OpenSSL on Linux, although it never downloads here. */
async function opensslHeaders(progress) {
  if (process.platform !== "linux" || process.env.OPENSSL_DIR) return;
  try {
    if (which("pkg-config")) {
      execFileSync(which("pkg-config"), ["--exists", "openssl"], { stdio: "ignore" });
      return;
    }
  } catch {
    // Installed below.
  }
  await installPackages(progress, {
    why: "worker-build needs pkg-config and the headers of OpenSSL",
    debian: ["pkg-config", "libssl-dev"],
    mac: "",
    other: "install pkg-config and the OpenSSL development package with your package manager (Fedora: dnf install pkgconf openssl-devel)",
  });
}
