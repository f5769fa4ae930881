// Programs that cargo builds: where they are.
import { join } from "node:path";
import { start } from "./children.mjs";
import { environment } from "./environment.mjs";
import { Failure } from "./failure.mjs";
import { ROOT } from "./places.mjs";

/** As for a long run: quick once they are built. */
export const OPTIMIZED = ["--profile", "simulate"];
/** As the tests are: their libraries are there already. One package alone would ask them for less, and have them built once more. */
export const AS_TESTED = ["--profile", "dev", "--workspace"];

/** The path of the program that cargo builds by this name. */
export async function built(args, name) {
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
