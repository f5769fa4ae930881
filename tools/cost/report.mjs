// Counts and prices as tables, and what is above its ceiling.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../run/places.mjs";
import { table } from "../measure/statistics.mjs";

const CEILING = "tools/cost-ceiling.json";

// US dollars. https://developers.cloudflare.com/workers/platform/pricing/ and https://docs.x.com/x-api/getting-started/pricing
const PER_MILLION = { requests: 0.3, cpu_ms: 0.02, queue_operations: 0.4, rows_read: 0.001, rows_written: 1 };
const X = { received: 0.01, sent: 0.015 };

export function report({ messages, counted, statements, cpu, logIn }, options) {
  const each = (count) => count / messages;
  const per = {
    requests: each(counted.requests + counted.batches_of_jobs),
    d1_batches: each(counted.batches),
    d1_statements: each(counted.statements),
    rows_read: each(counted.rows_read),
    rows_written: each(counted.rows_written),
    // Each message is written, read and deleted.
    queue_operations: 3 * each(counted.queue_messages),
    calls_of_x: each(counted.calls),
    ...(cpu === undefined ? {} : { cpu_ms: cpu }),
  };
  const { per_answered_message: ceiling } = JSON.parse(readFileSync(join(ROOT, CEILING), "utf8"));
  const names = Object.keys(per);
  const above = names.filter((name) => ceiling[name] !== undefined && per[name] > ceiling[name]);
  const price = (name) => (PER_MILLION[name] === undefined ? undefined : per[name] * PER_MILLION[name]);
  const dollars = (amount) => (amount === undefined ? "" : `$${amount.toFixed(2)}`);
  const rows = names.map((name) => [name.replaceAll("_", " "), per[name].toFixed(1), ceiling[name] ?? "", dollars(price(name))]);
  const cloudflare = names.reduce((sum, name) => sum + (price(name) ?? 0), 0);
  const x = (X.received + X.sent) * 1e6;
  const text = [
    "",
    table([["for one answered message", "measured", "ceiling", "a million"], ...rows, ["Cloudflare", "", "", dollars(cloudflare)], ["X: one message received, one sent", "", "", dollars(x)]]),
    "",
    "Over the lists' prices alone, without what the plans include. The CPU is that of the whole of workerd, D1 and the queue within it.",
    ...(logIn === undefined ? [] : ["", `A log-in with its password takes ${logIn.toFixed(1)} ms of CPU.`]),
    ...(options.statements ? ["", byStatement(statements, messages)] : []),
    ...above.map((name) => `\n${name.replaceAll("_", " ")}: above the ceiling of ${CEILING}. If the guarantees need it, raise it there and say why.`),
  ].join("\n");
  return { text, isWell: above.length === 0 };
}

function byStatement(statements, messages) {
  const each = (count) => (count / messages).toFixed(2);
  const sorted = Object.entries(statements).sort(([, one], [, other]) => other.rows_written - one.rows_written || other.rows_read - one.rows_read);
  const rows = sorted.map(([sql, { times, rows_read, rows_written }]) => [sql.replace(/\s+/g, " ").slice(0, 90), each(times), each(rows_read), each(rows_written)]);
  return table([["statement", "times", "read", "written"], ...rows]);
}
