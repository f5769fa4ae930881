// What is said at the end of npm test: a table of the rings, and one line that programs can read.

export function summary(rings) {
  const rows = rings.map(({ name, passed, failed, seconds, note }) => [name, String(passed), String(failed), `${seconds.toFixed(1)} s`, note]);
  const table = [["ring", "passed", "failed", "time", ""], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const pad = (cell, column) => (column === 0 ? cell.padEnd(widths[column]) : column === 4 ? cell : cell.padStart(widths[column]));
  const total = (field) => rings.reduce((sum, ring) => sum + ring[field], 0);
  return `\n${table.map((row) => row.map(pad).join("  ").trimEnd()).join("\n")}\n\n${total("passed")} passed, ${total("failed")} failed`;
}
