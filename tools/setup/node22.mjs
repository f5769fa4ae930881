// Makes sure of the npm packages, then goes on under the Node 22 among them: wrangler does not run under Node 20.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { SIGNALS, leave, onAbandoned } from "../run/children.mjs";
import { Failure } from "../run/failure.mjs";
import { NODE_22 } from "../run/places.mjs";
import { packages } from "./packages.mjs";
import { ensure } from "./steps.mjs";

/** Returns where the running Node is new enough; elsewhere it runs the same command again under one that is. */
export async function underNode22(steps) {
  await ensure([packages], { of: steps.length });
  if (newEnough()) return;
  if (!existsSync(NODE_22)) {
    throw new Failure(`Node ${process.versions.node} is too old for wrangler, and there is no ${NODE_22}`, {
      mend: "rm -rf node_modules && npm ci\nor install Node 22.12 or newer",
    });
  }
  process.exit(await again());
}

function newEnough() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 12);
}

/** The channel is there to be closed: when this process is ended by force, the other one notices. */
function again() {
  const child = spawn(NODE_22, process.argv.slice(1), { stdio: ["inherit", "inherit", "inherit", "ipc"] });
  for (const name of SIGNALS) {
    process.removeAllListeners(name);
    // A terminal's Ctrl-C reaches both and so arrives twice, which `onStop` knows.
    process.on(name, () => child.kill(name));
  }
  onAbandoned(() => child.kill("SIGHUP"));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => (signal ? leave(signal) : resolve(code)));
  });
}
