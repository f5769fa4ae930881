// What each command needs, in the order in which it is made.
import { cargoDeny, wasmBindgen } from "./cargo-tool.mjs";
import { chromium } from "./chromium.mjs";
import { packages } from "./packages.mjs";
import { lints, rust } from "./rust.mjs";
import { ensure } from "./steps.mjs";
import { cxx, linker } from "./system.mjs";
import { wasmTarget } from "./wasm-target.mjs";

export const toBuild = () => [packages, rust, linker, wasmTarget, wasmBindgen()];
export const toTest = () => [...toBuild(), lints, chromium, cargoDeny()];
export const toAudit = () => [packages, rust, linker, cargoDeny()];
export const toFuzz = () => [rust, linker, cxx];

export { ensure };
