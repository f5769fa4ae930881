// The simulated X: built with the native compiler, then run.
import { join } from "node:path";
import { environment } from "../run/environment.mjs";
import { Failure } from "../run/failure.mjs";
import { ROOT } from "../run/places.mjs";
import { Progress } from "../run/progress.mjs";
import { startProgram } from "./program.mjs";
import { simulatorVariables } from "./keys.mjs";

export const SIMULATOR = join(ROOT, "target", "debug", "simulator");

export async function buildSimulator() {
  const progress = new Progress("simulator", "a minute the first time");
  const args = ["build", "--package", "perch-simulator", "--bin", "simulator"];
  const env = environment({ CARGO_TARGET_DIR: join(ROOT, "target") });
  await progress.run("cargo", args, { cwd: ROOT, env, log: "simulator-build", mend: `correct what the compiler names above, or try: cargo ${args.join(" ")}` });
  progress.done();
}

export function runSimulator(keys, { simulatorPort, verbose }) {
  const env = environment(simulatorVariables(keys));
  return startProgram("simulator", SIMULATOR, ["--port", String(simulatorPort)], { env, verbose });
}

/** The plan of the simulated app: v2 alone. */
export async function closeV1({ simulatorPort }) {
  const body = JSON.stringify({ plan: "v1_closed", on: true });
  const answer = await fetch(`http://127.0.0.1:${simulatorPort}/sim/plan`, { method: "POST", headers: { "content-type": "application/json" }, body });
  if (!answer.ok) throw new Failure(`the simulated X did not change its plan (HTTP ${answer.status})`, { mend: "npm start -- --reset --verbose" });
}
