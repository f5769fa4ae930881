// How many tests passed and failed, read from what cargo and node print at the end of a run.

/** Each test binary of cargo prints: test result: ok. 12 passed; 0 failed; 0 ignored; ... */
export function cargoCounts(lines) {
  const results = lines.map((line) => /^test result: .*?(\d+) passed; (\d+) failed/.exec(line)).filter(Boolean);
  return { passed: sum(results, 1), failed: sum(results, 2) };
}

/** Node prints one line for each count: "ℹ pass 3" (spec) or "# pass 3" (TAP). */
export function nodeCounts(lines) {
  const count = (word) => sum(lines.map((line) => new RegExp(`^[ℹ#] ${word} (\\d+)$`).exec(line)).filter(Boolean), 1);
  return { passed: count("pass"), failed: count("fail") + count("cancelled") };
}

function sum(matches, group) {
  return matches.reduce((total, match) => total + Number(match[group]), 0);
}
