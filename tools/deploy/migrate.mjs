// The tables on Cloudflare: the database is created when there is none yet, then brought up to date.
import { Failure } from "../run/failure.mjs";
import { wrangler } from "./wrangler.mjs";

const ABSENT = /Couldn't find a D1 DB named '([^']+)'/;

export async function migrateRemote(flags) {
  let { code, said } = await apply(flags);
  const absent = ABSENT.exec(said)?.[1];
  if (code !== 0 && absent !== undefined) {
    console.log(`There is no database ${absent} yet; it is created now.`);
    // wrangler.toml stays as it is: a database is found by its name.
    await must(["d1", "create", absent, "--update-config=false"]);
    ({ code, said } = await apply(flags));
  }
  if (code !== 0) fail();
}

function apply(flags) {
  return wrangler(["d1", "migrations", "apply", "DB", "--remote", ...flags]);
}

async function must(args) {
  if ((await wrangler(args)).code !== 0) fail();
}

function fail() {
  throw new Failure("the database was not brought up to date, so nothing was deployed", {
    mend: "log in: npx wrangler login, or set CLOUDFLARE_API_TOKEN\nthen: npm run deploy",
  });
}
