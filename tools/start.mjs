// npm start: Perch and a simulated X on this computer, from a fresh clone to two addresses.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildWorker } from "./build/worker.mjs";
import { demoAgent } from "./start/agent.mjs";
import { endAll, leave, onStop } from "./run/children.mjs";
import { main } from "./run/failure.mjs";
import { ROOT } from "./run/places.mjs";
import { ensure, toBuild } from "./setup/everything.mjs";
import { underNode22 } from "./setup/node22.mjs";
import { publish, scriptOf } from "./start/bot.mjs";
import { connect } from "./start/connect.mjs";
import { startCron } from "./start/cron.mjs";
import { forgetKeys, localKeys, writeDevVars } from "./start/keys.mjs";
import { HELP, readOptions } from "./start/options.mjs";
import { mustBeFree } from "./start/ports.mjs";
import { announce, answering, mustHaveRealKeys } from "./start/ready.mjs";
import { onlyOne } from "./start/only-one.mjs";
import { buildSimulator, closeV1, runSimulator } from "./start/simulator.mjs";
import { forgetDatabase, forgetX, migrate, runWorker } from "./start/worker.mjs";

let up = false;
let endCron = () => {};

await main(async () => {
  const options = readOptions();
  if (options.help) return console.log(HELP);
  const script = scriptOf(options.bot);
  if (options.real) mustHaveRealKeys(existsSync(join(ROOT, ".dev.vars")));
  await portsAreFree(options);
  onStop(stop);
  await underNode22(toBuild());
  const since = Date.now();
  await ensure(toBuild());
  await onlyOne(options);
  await buildWorker();
  const { programs, agent } = options.real ? await startReal(options) : await startLocal(options, script);
  endCron = startCron(options);
  announce({ ...options, agent }, Math.round((Date.now() - since) / 1000));
  up = true;
  await Promise.race(programs.map((program) => program.died));
});

async function startLocal(options, script) {
  await buildSimulator();
  if (options.reset) {
    forgetDatabase(options);
    forgetKeys();
  }
  const keys = localKeys();
  writeDevVars(keys, options);
  await migrate(options);
  if (!options.reset) await forgetX(options);
  await portsAreFree(options);
  const [simulator, worker] = [runSimulator(keys, options), runWorker(options)];
  await Promise.all([answering("simulator", options.simulatorPort, "/healthz", simulator), answering("worker", options.port, "/healthz", worker)]);
  if (options.plain) await closeV1(options);
  await Promise.race([connect(keys, options), simulator.died, worker.died]);
  if (script) await Promise.race([publish(script, keys, options), simulator.died, worker.died]);
  return { programs: [simulator, worker], agent: await demoAgent(keys, options) };
}

async function startReal(options) {
  if (options.reset) forgetDatabase(options);
  await migrate(options);
  const worker = runWorker(options);
  await answering("worker", options.port, "/healthz", worker);
  return { programs: [worker] };
}

async function portsAreFree({ port, simulatorPort, real }) {
  await mustBeFree("--port", port);
  if (!real) await mustBeFree("--simulator-port", simulatorPort);
}

async function stop(signal) {
  if (up) console.log("\nStopping ...");
  // What would be called is ending.
  endCron();
  await endAll();
  if (up && signal !== "SIGHUP") process.exit(0);
  leave(signal);
}
