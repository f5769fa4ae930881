// The Worker goes up. wrangler makes the queue that it sends to by itself, but not one that it only hears: that is created here.
import { Failure } from "../run/failure.mjs";
import { wrangler } from "./wrangler.mjs";

const ABSENT = /Queue "([^"]+)" does not exist/;

export async function upload(flags) {
  const created = new Set();
  for (;;) {
    const { code, said } = await wrangler(["deploy", ...flags]);
    if (code === 0) return;
    const absent = ABSENT.exec(said)?.[1];
    if (absent === undefined || created.has(absent)) break;
    console.log(`There is no queue ${absent} yet; it is created now.`);
    created.add(absent);
    if ((await wrangler(["queues", "create", absent])).code !== 0) break;
  }
  throw new Failure("the Worker was not deployed; what wrangler says is above", { mend: "npm run deploy" });
}
