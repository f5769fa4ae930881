// The compiler for wasm32: rustup's target; where rustup cannot download, Debian's rustc with a standard library built for it.
import { existsSync, readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { environment, which } from "../run/environment.mjs";
import { Failure } from "../run/failure.mjs";
import { ROOT } from "../run/places.mjs";
import { DEBIAN_CARGO, DEBIAN_RUSTC, DEBIAN_STD, buildDebianStd } from "./debian-std.mjs";
import { INSTALL, rustc } from "./rust.mjs";
import { isDebian, isRoot } from "./system.mjs";

export const TARGET = "wasm32-unknown-unknown";
const ADD = `rustup target add ${TARGET}`;

export const wasmTarget = {
  name: TARGET,
  about: "about 10 seconds; 3 minutes where rustup cannot download",
  async missing() {
    return (await wasmCompiler()) === "none" ? TARGET : undefined;
  },
  async make(progress) {
    const refused = await addWithRustup(progress);
    if (refused === undefined) return;
    if (!isDebian()) {
      if (!hasRustup()) throw new Failure(`there is no compiler for ${TARGET}, and no rustup, which would bring it`, { mend: INSTALL });
      throw new Failure(`${ADD} failed, and there is no other way on this system`, { output: refused, mend: ADD });
    }
    if (!isRoot()) {
      throw new Failure(`${ADD} failed; Debian's compiler can stand in, but only root can install it`, {
        output: refused,
        mend: `sudo ${process.execPath} ${join(ROOT, "tools", "setup", "debian-std.mjs")}`,
      });
    }
    await buildDebianStd(progress);
  },
};

/** The environment in which cargo builds for wasm32; native and wasm compilers never share a target folder. */
export async function wasmEnvironment() {
  const env = environment({ CARGO_TARGET_DIR: join(ROOT, "target", "wasm") });
  if ((await wasmCompiler()) !== "debian") return env;
  const { sysroot, host } = await rustc();
  const linker = join(sysroot, "lib", "rustlib", host, "bin", "rust-lld");
  if (!existsSync(linker)) throw new Failure(`there is no linker for wasm32: ${linker}`, { mend: "rustup toolchain install stable" });
  return {
    ...env,
    PATH: [dirname(DEBIAN_RUSTC), env.PATH].join(delimiter),
    RUSTC: DEBIAN_RUSTC,
    CARGO: DEBIAN_CARGO,
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: linker,
  };
}

/** Whose compiler builds for wasm32 here: "rustup", "debian" or "none". */
export async function wasmCompiler() {
  const { sysroot } = await rustc();
  if (hasStd(join(sysroot, "lib", "rustlib", TARGET, "lib"))) return "rustup";
  return existsSync(DEBIAN_CARGO) && existsSync(DEBIAN_RUSTC) && hasStd(DEBIAN_STD) ? "debian" : "none";
}

function hasStd(folder) {
  return existsSync(folder) && readdirSync(folder).some((name) => /^libstd-.*\.rlib$/.test(name));
}

const hasRustup = () => which("rustup") !== undefined;

/** Returns undefined, or what rustup said when it could not. */
async function addWithRustup(progress) {
  if (!hasRustup()) return ["there is no rustup"];
  try {
    await progress.run("rustup", ["target", "add", TARGET], { env: environment(), fatal: false });
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error.output;
    throw error;
  }
}
