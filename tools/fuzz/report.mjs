// What the targets came to, as a table; below it each input that broke one, and how to play it again.
import { table } from "../measure/statistics.mjs";

export function report(results) {
  const whole = (number) => Math.round(number).toLocaleString("en");
  const rows = results.map(({ target, executions, seconds, edges, features, inputs, crash }) =>
    [target.name, whole(executions), whole(executions / Math.max(seconds, 0.001)), whole(edges), whole(features), whole(inputs), crash ? 1 : 0]);
  const head = ["target", "executions", "a second", "edges", "features", "inputs", "crashes"];
  const crashes = results.filter(({ crash }) => crash).map(({ target, crash }) => shown(target, crash));
  return { text: ["", table([head, ...rows]), ...crashes].join("\n"), isWell: crashes.length === 0 };
}

function shown(target, { why, bytes, path }) {
  if (bytes === undefined) return `\n${target.name} ended without an input:\n${why}`;
  const again = `npm run fuzz -- --target ${target.name} --input ${path}`;
  return [`\n${target.name} broke on ${bytes.length} bytes: ${escaped(bytes)}`, why, `It stands in ${path}. Once more: ${again}`].join("\n");
}

/** As a Rust byte string. */
function escaped(bytes) {
  const known = { 9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\" };
  const one = (byte) => known[byte] ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`);
  return `b"${[...bytes].map(one).join("")}"`;
}
