// Where inputs stand: those that are kept in the repository, those that runs find, and what each target starts from.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { start } from "../run/children.mjs";
import { Failure } from "../run/failure.mjs";
import { LOCAL, ROOT } from "../run/places.mjs";

const HERE = join(ROOT, "tests", "fuzz");
// The repository carries these for ever: beyond so many the largest inputs are left out.
const MOST = { inputs: 300, bytes: 96 * 1024 };
// The fewest inputs that reach every edge that any of them reaches; how often they pass it is no reason to keep one.
const MERGE = ["-set_cover_merge=1", "-use_counters=0"];

export const kept = (target) => join(HERE, "corpus", target.name);
export const found = (target) => join(LOCAL, "fuzz", target.name);
export const dictionary = (target) => join(HERE, "dictionaries", `${target.name}.dict`);

/** The folders of inputs: libFuzzer writes into the first. */
export function folders(target) {
  mkdirSync(found(target), { recursive: true });
  mkdirSync(kept(target), { recursive: true });
  return [found(target), kept(target)];
}

/** Makes the kept corpus anew, from it and from what runs have found. */
export async function keep(program, target) {
  const anew = `${found(target)}.anew`;
  rmSync(anew, { recursive: true, force: true });
  mkdirSync(anew, { recursive: true });
  const { ended } = start(program, [`--target=${target.name}`, ...MERGE, `-max_len=${target.mostBytes}`, anew, kept(target), found(target)]);
  const { code, why } = await ended;
  if (code !== 0) throw new Failure(`the corpus of ${target.name} could not be merged: ${why}`, { mend: `npm run fuzz -- --target ${target.name}` });
  const sized = readdirSync(anew).map((name) => ({ path: join(anew, name), bytes: statSync(join(anew, name)).size }));
  sized.sort((one, other) => one.bytes - other.bytes);
  let sum = 0;
  sized.forEach(({ path, bytes }, index) => {
    sum += bytes;
    if (sum > MOST.bytes || index >= MOST.inputs) rmSync(path);
  });
  if (existsSync(kept(target))) rmSync(kept(target), { recursive: true });
  renameSync(anew, kept(target));
}
