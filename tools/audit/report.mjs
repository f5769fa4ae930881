// The answers as a table; what is against a dependency in full.
import { table } from "../measure/statistics.mjs";

export function report(answers) {
  const against = answers.filter(({ state }) => state === "against");
  const text = [
    ...against.flatMap(({ said }) => ["", ...said]),
    "",
    table([["dependencies", "asked", "answer"], ...answers.map(({ name, by, state }) => [name, by, state])]),
    ...(against.length > 0 ? ["\nTake another version (cargo update, npm update) or another crate; what deny.toml is to allow stands there with its reason."] : []),
  ].join("\n");
  return { text, isWell: against.length === 0 };
}
