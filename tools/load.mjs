// npm run load: so many messages a second at the real Worker, and whether each was answered exactly once.
import { buildWorker } from "./build/worker.mjs";
import { run } from "./load/run.mjs";
import { HELP, readOptions } from "./load/options.mjs";
import { report } from "./load/report.mjs";
import { endChildrenOnStop } from "./run/children.mjs";
import { main } from "./run/failure.mjs";
import { buildSimulator } from "./measure/house.mjs";
import { ensure, toBuild } from "./setup/everything.mjs";
import { underNode22 } from "./setup/node22.mjs";

endChildrenOnStop();
await main(async () => {
  const options = readOptions();
  if (options.help) return console.log(HELP);
  await underNode22(toBuild());
  await ensure(toBuild());
  await buildWorker();
  await buildSimulator();
  const { text, isWell } = report(options, await run(options));
  console.log(text);
  return isWell ? 0 : 1;
});
