// npm run audit: what the dependencies may be, and what is known against them.
import { HELP, readOptions } from "./audit/options.mjs";
import { run } from "./audit/run.mjs";
import { report } from "./audit/report.mjs";
import { endChildrenOnStop } from "./run/children.mjs";
import { main } from "./run/failure.mjs";
import { ensure, toAudit } from "./setup/everything.mjs";

endChildrenOnStop();
await main(async () => {
  if (readOptions().help) return console.log(HELP);
  await ensure(toAudit());
  const { text, isWell } = report(await run());
  console.log(text);
  return isWell ? 0 : 1;
});
