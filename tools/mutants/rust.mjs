// The mutants of the code, by cargo-mutants: what is examined and what is left out stands in .cargo/mutants.toml.
import { start } from "../run/children.mjs";
import { environment, which } from "../run/environment.mjs";
import { Failure } from "../run/failure.mjs";
import { ROOT } from "../run/places.mjs";

export async function rust({ of, list }) {
  if (which("cargo-mutants") === undefined) throw new Failure("there is no cargo-mutants", { mend: "cargo install cargo-mutants --locked" });
  const args = ["mutants", ...(of === undefined ? [] : ["--file", of]), ...(list ? ["--list"] : [])];
  const { ended } = start("cargo", args, { cwd: ROOT, env: environment(), onLine: (line) => console.log(line) });
  return (await ended).code === 0;
}
