// The bot that answers: its script, published to the demo account by the command line, as for a real one.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { environment } from "../run/environment.mjs";
import { Failure } from "../run/failure.mjs";
import { ROOT } from "../run/places.mjs";
import { Progress } from "../run/progress.mjs";

const PERCH = join(ROOT, "target", "debug", "perch");

/** The script's file; undefined where none was asked for: then the account keeps the bot that it has. */
export function scriptOf(bot) {
  if (bot === undefined) return undefined;
  const file = /[./]/.test(bot) ? bot : join("bots", bot, "bot.yaml");
  if (existsSync(join(ROOT, file)) || existsSync(file)) return file;
  throw new Failure(`there is no bot '${bot}'`, { mend: "npm start -- --bot snow, leaderboard, hello, or the file of a script" });
}

export async function publish(script, keys, { port }) {
  const progress = new Progress("bot", "a minute the first time");
  const build = ["build", "--bin", "perch"];
  const mend = `see: npm run perch -- check ${script}`;
  const target = environment({ CARGO_TARGET_DIR: join(ROOT, "target") });
  await progress.run("cargo", build, { cwd: ROOT, env: target, log: "perch-build", mend: `try: cargo ${build.join(" ")}` });
  const env = environment({ PERCH_URL: `http://127.0.0.1:${port}`, ADMIN_TOKEN: keys.ADMIN_TOKEN });
  await progress.run(PERCH, ["apply", script], { cwd: ROOT, env, log: "bot", mend });
  progress.done();
}
