// npm run bench: Perch beside other receivers of X's webhooks.
import { subjects } from "./bench/subjects.mjs";
import { HELP, readOptions } from "./bench/options.mjs";
import { report } from "./bench/report.mjs";
import { run } from "./bench/run.mjs";
import { buildWorker } from "./build/worker.mjs";
import { endChildrenOnStop } from "./run/children.mjs";
import { main } from "./run/failure.mjs";
import { ensure, toBuild } from "./setup/everything.mjs";
import { underNode22 } from "./setup/node22.mjs";

endChildrenOnStop();
await main(async () => {
  const options = readOptions();
  if (options.help) return console.log(HELP);
  await underNode22(toBuild());
  await ensure(toBuild());
  await buildWorker();
  const all = await subjects(options);
  console.log(report(all, await run(all, options)));
});
