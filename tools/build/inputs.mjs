// A fingerprint of everything that the worker is made of: sources, manifests, compiler, and the tools with their switches.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT } from "../run/places.mjs";
import { wasmBindgen } from "../setup/cargo-tool.mjs";
import { rustc } from "../setup/rust.mjs";
import { wasmEnvironment } from "../setup/wasm-target.mjs";

const SOURCES = ["build.rs", "src", "app", "bots", "migrations", ".cargo", "Cargo.toml", "Cargo.lock", "package-lock.json", "tools/build"];

export async function inputs() {
  const { version, sysroot } = await rustc();
  const { RUSTC = "" } = await wasmEnvironment();
  const hash = createHash("sha256");
  for (const file of SOURCES.flatMap((name) => files(join(ROOT, name)))) {
    hash.update(`${relative(ROOT, file)}\0`).update(readFileSync(file)).update("\0");
  }
  return hash.update(`${version} ${sysroot} ${RUSTC} ${wasmBindgen().name}`).digest("hex");
}

function files(path) {
  if (!existsSync(path)) return [];
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    return [path];
  }
  return entries
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? files(join(path, entry.name)) : [join(path, entry.name)]));
}
