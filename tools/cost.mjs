// npm run cost: what one answered message costs, counted at the bindings of the real Worker.
import { buildWorker } from "./build/worker.mjs";
import { HELP, readOptions } from "./cost/options.mjs";
import { report } from "./cost/report.mjs";
import { run } from "./cost/run.mjs";
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
  const { text, isWell } = report(await run(), options);
  console.log(text);
  return isWell ? 0 : 1;
});
