// npm run build: the worker for Cloudflare in build/, its pages in public/; wrangler calls it too, so it does nothing when nothing changed.
import { buildWorker } from "./build/worker.mjs";
import { endChildrenOnStop } from "./run/children.mjs";
import { main } from "./run/failure.mjs";
import { underNode22 } from "./setup/node22.mjs";
import { ensure, toBuild } from "./setup/everything.mjs";

endChildrenOnStop();
await main(async () => {
  await underNode22(toBuild());
  await ensure(toBuild());
  await buildWorker();
});
