// The environment given to children: the local Node first in PATH, the user's real keys left out unless asked for.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { MODULES } from "./places.mjs";

const PRIVATE = /^(X_|CLOUDFLARE_|CF_|CALL_SECRET_|SIM_|PERCH_URL$|ADMIN_TOKEN$|TOKEN_KEY$)/;

// What is built once and thrown away needs no notes for the next build, which are most of what it would write.
const BUILT_ONCE = { CARGO_INCREMENTAL: "0" };

export function environment({ real = false, ...more } = {}) {
  const kept = Object.entries(process.env).filter(([name]) => real || !PRIVATE.test(name));
  return { ...Object.fromEntries(kept), ...(process.env.CI ? BUILT_ONCE : {}), ...more, PATH: path() };
}

/** Wrangler without questions, statistics, or look-ups on the network. */
export function quietWrangler() {
  return { CI: "1", WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true", CLOUDFLARE_CF_FETCH_ENABLED: "false" };
}

/** The full path of a program, or undefined. */
export function which(name) {
  return path()
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
}

function path() {
  const cargo = join(process.env.CARGO_HOME || join(homedir(), ".cargo"), "bin");
  const local = join(MODULES, ".bin");
  const given = (process.env.PATH || "").split(delimiter).filter((folder) => folder !== local);
  return [local, ...given, ...(given.includes(cargo) ? [] : [cargo])].join(delimiter);
}
