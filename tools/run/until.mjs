// Waits for an effect: asks again and again until a deadline, and says what was awaited when it does not come.
import { Failure } from "./failure.mjs";

const PAUSE_MS = 100;

/** Resolves with the first truthy answer of `ask`; a rejected question counts as "not yet". */
export async function until(what, ask, { within, mend } = {}) {
  const deadline = Date.now() + within;
  for (;;) {
    const answer = await Promise.resolve().then(ask).catch(() => undefined);
    if (answer) return answer;
    if (Date.now() > deadline) throw new Failure(`waited ${Math.round(within / 1000)} s for ${what}, in vain`, { mend });
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
