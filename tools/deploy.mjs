// npm run deploy: builds, brings the tables on Cloudflare up to date, then deploys; flags go on to wrangler deploy.
import { buildWorker } from "./build/worker.mjs";
import { migrateRemote } from "./deploy/migrate.mjs";
import { upload } from "./deploy/upload.mjs";
import { endChildrenOnStop } from "./run/children.mjs";
import { main } from "./run/failure.mjs";
import { ensure, toBuild } from "./setup/everything.mjs";
import { underNode22 } from "./setup/node22.mjs";

const HELP = `npm run deploy -- [flags of wrangler deploy]

Builds the worker, creates the database and the queues that are not there yet, applies the migrations, deploys.
Log in once with: npx wrangler login (or set CLOUDFLARE_API_TOKEN).

  --dry-run   build and check only; nothing reaches Cloudflare
  --env NAME  another environment of wrangler.toml (goes to the migrations as well)`;

endChildrenOnStop();
await main(async () => {
  const given = process.argv.slice(2);
  if (given.includes("--help")) return console.log(HELP);
  const isNamed = given.some((flag) => /^(--env|-e)(=|$)/.test(flag));
  // Without a name wrangler asks which one is meant: the one at the top.
  const flags = isNamed ? given : ["--env=", ...given];
  await underNode22(toBuild());
  await ensure(toBuild());
  await buildWorker();
  if (flags.includes("--dry-run")) console.log("--dry-run: the migrations are left alone");
  // Tables first: code may only ever meet tables that it knows. A migration adds, so the code that still runs is not hurt.
  else await migrateRemote(shared(flags));
  await upload(flags);
});

/** The flags that name an environment or a configuration, which the migrations must follow too. */
function shared(flags) {
  const named = ["--env", "-e", "--config", "-c", "--profile"];
  return flags.filter((flag, i) => named.includes(flag) || named.includes(flags[i - 1]) || named.some((name) => flag.startsWith(`${name}=`)));
}
