// Rust: found in PATH or where rustup puts it, and new enough. It is named when missing, not installed: that is the user's choice.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { environment, which } from "../run/environment.mjs";
import { Failure } from "../run/failure.mjs";
import { isDebian, isRoot } from "./system.mjs";

const OLDEST = [1, 91];
export const INSTALL = "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh\nthen open a new terminal and run this again";

export const rust = {
  name: "Rust",
  async missing() {
    const { version } = await rustc();
    const [major, minor] = version.split(".").map(Number);
    if (major > OLDEST[0] || minor >= OLDEST[1]) return undefined;
    throw new Failure(`Rust ${version} is too old: Perch needs ${OLDEST.join(".")} or newer`, {
      mend: "rustup update stable && rustup default stable",
    });
  },
};

/** clippy and rustfmt, which the smallest rustup profile leaves out. */
export const lints = {
  name: "clippy and rustfmt",
  about: "about 10 seconds",
  async missing() {
    const { sysroot } = await rustc();
    const there = ["cargo-clippy", "rustfmt"].every((name) => existsSync(join(sysroot, "bin", name)));
    return there ? undefined : "clippy or rustfmt";
  },
  async make(progress) {
    const mend = "rustup component add clippy rustfmt";
    if (which("rustup") === undefined) {
      const own = isDebian() ? `${isRoot() ? "" : "sudo "}apt-get install -y rust-clippy rustfmt` : "install them as you installed Rust";
      throw new Failure("clippy or rustfmt is missing", { mend: `${own}\nor with rustup: ${mend}` });
    }
    await progress.run("rustup", ["component", "add", "clippy", "rustfmt"], { env: environment(), mend });
  },
};

let known;
/** The compiler that cargo uses here: { version, host, sysroot }. */
export function rustc() {
  known ??= ask();
  return known;
}

async function ask() {
  if (which("rustc") === undefined || which("cargo") === undefined) throw new Failure("Rust is not installed", { mend: INSTALL });
  const run = (...args) => promisify(execFile)("rustc", args, { env: environment() });
  try {
    const [about, sysroot] = await Promise.all([run("-vV"), run("--print", "sysroot")]);
    const field = (name) => new RegExp(`^${name}: (\\S+)`, "m").exec(about.stdout)?.[1] ?? "";
    return { version: field("release"), host: field("host"), sysroot: sysroot.stdout.trim() };
  } catch (error) {
    const output = String(error.stderr ?? error).trim().split("\n");
    throw new Failure("rustc is there but does not run", { output, mend: "rustup toolchain install stable && rustup default stable" });
  }
}
