// The mutants of the statements: the schedules and the stories are built once, and told which mutant to play.
import { AS_TESTED, OPTIMIZED, built } from "../run/built.mjs";
import { start } from "../run/children.mjs";
import { environment } from "../run/environment.mjs";
import { ROOT } from "../run/places.mjs";

export async function sql({ of, list, dev }) {
  const simulate = await built(["build", ...(dev ? AS_TESTED : OPTIMIZED), "--example", "simulate"], "simulate");
  const stories = list ? [] : ["--stories", await built(["test", ...AS_TESTED, "--test", "stories", "--no-run"], "stories")];
  const which = [...(of === undefined ? [] : ["--of", of]), ...(list ? ["--list"] : stories)];
  const { ended } = start(simulate, ["--mutants", ...which], { cwd: ROOT, env: environment(), onLine: (line) => console.log(line) });
  return (await ended).code === 0;
}
