// Goes through the things that must be there: what is there is passed over at once, what is not is made, visibly.
import { Progress } from "../run/progress.mjs";

/**
 * A step is { name, about, missing(), make(progress) }: `missing` is quick, starts no slow program, and returns undefined or what
 * is missing; `make` may be interrupted at any moment without leaving behind what `missing` would take for done.
 */
export async function ensure(steps, { loud = false, of = steps.length } = {}) {
  let number = 0;
  for (const step of steps) {
    number += 1;
    const label = `[${number}/${of}] ${step.name}`;
    const missing = await step.missing();
    if (missing === undefined) {
      if (loud) console.log(`${label}: there`);
      continue;
    }
    const progress = new Progress(label, step.about);
    try {
      await step.make(progress);
      progress.done();
    } finally {
      progress.stop("failed");
    }
  }
}
