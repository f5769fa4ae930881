// Numbers as people read them: percentiles, medians, tables.

/** The value that so many per cent of all are not above. */
export function percentile(values, percent) {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)];
}

export const median = (values) => percentile(values, 50);

/** Columns side by side: the first flush left, the others right. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column] ?? "").length)));
  const cell = (value, column) => (column === 0 ? String(value).padEnd(widths[column]) : String(value ?? "").padStart(widths[column]));
  return rows.map((row) => row.map(cell).join("  ").trimEnd()).join("\n");
}

/** Milliseconds, with as many digits as mean something. */
export function ms(value) {
  if (!Number.isFinite(value)) return "-";
  return value < 10 ? `${value.toFixed(1)} ms` : value < 10_000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}
