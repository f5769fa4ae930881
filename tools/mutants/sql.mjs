// The mutants of the statements: the schedules and the stories are built once, and told which mutant to play.
import { join } from "node:path";
import { start } from "../run/children.mjs";
import { environment } from "../run/environment.mjs";
import { Failure } from "../run/failure.mjs";
import { ROOT } from "../run/places.mjs";

export async function sql({ of, list }) {
  const simulate = await built(["build", "--profile", "simulate", "--example", "simulate"], "simulate");
  const stories = list ? [] : ["--stories", await built(["test", "--test", "stories", "--no-run"], "stories")];
  const which = [...(of === undefined ? [] : ["--of", of]), ...(list ? ["--list"] : stories)];
  const { ended } = start(simulate, ["--mutants", ...which], { cwd: ROOT, env: environment(), onLine: (line) => console.log(line) });
  return (await ended).code === 0;
}

/** The path of the program that cargo builds by this name. */
async function built(args, name) {
  const env = environment({ CARGO_TARGET_DIR: join(ROOT, "target") });
  let path;
  const onLine = (line, stream) => {
    if (stream === "stderr") return console.error(line);
    const { target, executable } = JSON.parse(line);
    if (target?.name === name && executable) path = executable;
  };
  const { ended } = start("cargo", [...args, "--message-format=json-render-diagnostics"], { cwd: ROOT, env, onLine });
  const { code, why } = await ended;
  if (code !== 0 || path === undefined) throw new Failure(`${name} is not built: ${why}`, { mend: `cargo ${args.join(" ")}` });
  return path;
}
