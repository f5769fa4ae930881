// The keys of a local run: random, made once, readable by the user alone, and never the real ones.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LOCAL } from "../run/places.mjs";

const KEPT = join(LOCAL, "local.json");
/** What `wrangler dev --env-file` reads. With it wrangler leaves .dev.vars and .env alone. */
export const DEV_VARS = join(LOCAL, "dev.vars");

const MADE = {
  X_CONSUMER_KEY: () => text(18),
  X_CONSUMER_SECRET: () => text(36),
  X_CLIENT_ID: () => text(24),
  X_CLIENT_SECRET: () => text(36),
  X_ACCESS_TOKEN: () => text(36),
  X_ACCESS_TOKEN_SECRET: () => text(33),
  ADMIN_TOKEN: () => text(36),
  TOKEN_KEY: () => randomBytes(32).toString("base64"),
  ACCOUNT_TOKEN: () => text(36),
  ACCOUNT_TOKEN_SECRET: () => text(33),
};

export function localKeys() {
  const kept = existsSync(KEPT) ? JSON.parse(readFileSync(KEPT, "utf8")) : {};
  const keys = Object.fromEntries(Object.entries(MADE).map(([name, make]) => [name, kept[name] ?? make()]));
  writePrivate(KEPT, `${JSON.stringify(keys, null, 2)}\n`);
  return keys;
}

export function forgetKeys() {
  for (const file of [KEPT, DEV_VARS]) rmSync(file, { force: true });
}

/** Secrets and addresses of the local worker: every base points at the simulator, so nothing can reach X. */
export function writeDevVars(keys, { port, simulatorPort, callHosts }) {
  const simulator = `http://127.0.0.1:${simulatorPort}`;
  const { ACCOUNT_TOKEN, ACCOUNT_TOKEN_SECRET, ...secrets } = keys;
  const hosts = `weather.perch.example=${simulator} ${callHosts}`.trim();
  const all = { ...secrets, X_API_BASE: simulator, X_UPLOAD_BASE: simulator, X_WEB_BASE: simulator, PUBLIC_URL: `http://127.0.0.1:${port}`, CALL_HOSTS: hosts, X_MEDIA_HOSTS: `ton.twitter.com=${simulator}` };
  writePrivate(DEV_VARS, Object.entries(all).map(([name, value]) => `${name}="${value}"\n`).join(""));
}

export function simulatorVariables(keys) {
  return {
    SIM_CONSUMER_KEY: keys.X_CONSUMER_KEY,
    SIM_CONSUMER_SECRET: keys.X_CONSUMER_SECRET,
    SIM_CLIENT_ID: keys.X_CLIENT_ID,
    SIM_CLIENT_SECRET: keys.X_CLIENT_SECRET,
    SIM_OWNER_TOKEN: keys.X_ACCESS_TOKEN,
    SIM_OWNER_TOKEN_SECRET: keys.X_ACCESS_TOKEN_SECRET,
    SIM_ACCOUNT_TOKEN: keys.ACCOUNT_TOKEN,
    SIM_ACCOUNT_TOKEN_SECRET: keys.ACCOUNT_TOKEN_SECRET,
  };
}

function text(bytes) {
  return randomBytes(bytes).toString("base64url");
}

/** Removed first: the mode is set only on a file that is new. */
function writePrivate(path, content) {
  mkdirSync(LOCAL, { recursive: true });
  rmSync(path, { force: true });
  writeFileSync(path, content, { mode: 0o600 });
}
