// What a storm showed, as a table, and whether all is well.
import { ms, percentile, table } from "../measure/statistics.mjs";

export function report({ rate }, { wanted, took_ms, answered, calls, outbox, inbox }) {
  const took = calls.filter(([status]) => status === 200).map(([, micros]) => micros / 1000);
  const first = answered.filter((times) => times.length > 0).map(([time]) => time);
  const missing = wanted - first.length;
  const twice = answered.filter((times) => times.length > 1).length;
  const refused = calls.filter(([status]) => status !== 200).length;
  const held = answered.length / (took_ms / 1000);
  const percentiles = (values) => [50, 95, 99, 100].map((percent) => ms(percentile(values, percent)));
  const text = [
    "",
    table([
      ["", "p50", "p95", "p99", "most"],
      ["signed POST -> 200", ...percentiles(took)],
      ["signed POST -> DM on X", ...percentiles(first)],
    ]),
    "",
    `rate       ${held.toFixed(1)} messages a second written (${rate} asked for), ${wanted} in all`,
    `webhook    ${calls.length} calls, with the echoes of our own messages; ${refused} not answered with 200`,
    `answered   ${first.length} once or more, ${missing} not at all, ${twice} twice`,
    `tables     inbox: ${counts(inbox)}; outbox: ${counts(outbox)}`,
    "",
    missing + twice === 0 ? "Every message was answered exactly once." : "Not every message was answered exactly once.",
  ].join("\n");
  return { text, isWell: missing + twice === 0 };
}

const counts = (rows) => rows.map(({ status, count }) => `${count} ${status}`).join(", ") || "nothing";
