// The worker under wrangler dev, and the migrations of its local database.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { environment, quietWrangler } from "../run/environment.mjs";
import { LOCAL, LOGS, ROOT, STATE, WRANGLER } from "../run/places.mjs";
import { Progress } from "../run/progress.mjs";
import { DEV_VARS } from "./keys.mjs";
import { startProgram } from "./program.mjs";

const WRANGLER_LOGS = join(LOGS, "wrangler");

export function forgetDatabase(options) {
  rmSync(state(options), { recursive: true, force: true });
}

export async function migrate(options) {
  const progress = new Progress("database");
  const args = [WRANGLER, "d1", "migrations", "apply", "DB", "--local", ...places(options)];
  const mend = "correct the migration named above; to start from nothing: npm start -- --reset";
  await progress.run(process.execPath, args, { cwd: ROOT, env: wranglerEnvironment(options), log: "migrations", mend });
  progress.done();
}

/** A simulated X begins with nothing: what the database knows of files, profiles and welcome messages there is no longer so. */
export async function forgetX(options) {
  const progress = new Progress("what X had");
  const sql = "DELETE FROM media; DELETE FROM published; DELETE FROM budgets;";
  const args = [WRANGLER, "d1", "execute", "DB", "--local", "--command", sql, ...places(options)];
  await progress.run(process.execPath, args, { cwd: ROOT, env: wranglerEnvironment(options), log: "forget-x", mend: "npm start -- --reset" });
  progress.done();
}

export function runWorker(options) {
  rmSync(WRANGLER_LOGS, { recursive: true, force: true });
  const address = ["--ip", "127.0.0.1", "--port", String(options.port), "--inspector-port", "0"];
  const args = [WRANGLER, "dev", ...address, ...places(options), "--show-interactive-dev-session", "false"];
  return startProgram("worker", process.execPath, args, { env: wranglerEnvironment(options), verbose: options.verbose });
}

/** A local database with real accounts in it never meets the simulator, nor the other way round. */
function state({ real }) {
  return join(STATE, real ? "real" : "state");
}

function places(options) {
  return ["--persist-to", state(options), ...(options.real ? [] : ["--env-file", DEV_VARS])];
}

function wranglerEnvironment({ real }) {
  return environment({ real, ...quietWrangler(), WRANGLER_LOG_PATH: WRANGLER_LOGS, WRANGLER_REGISTRY_PATH: join(LOCAL, "registry") });
}
