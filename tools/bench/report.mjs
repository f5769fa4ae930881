// The rounds as tables: medians, and ratios to the empty Worker with their spread.
import { median, table } from "../measure/statistics.mjs";
import { CALLS } from "./calls.mjs";

export function report(subjects, measured) {
  return Object.keys(CALLS).map((call) => part(call, subjects, measured.filter((one) => one.call === call))).join("\n");
}

function part(call, subjects, measured) {
  const of = (name, value) => measured.filter(({ subject }) => subject === name).map((one) => one[value]);
  const floor = { cpu: of(subjects[0].name, "cpu"), rate: of(subjects[0].name, "rate") };
  const rows = subjects.map(({ name, isSame }) => {
    const ratios = of(name, "cpu").map((cpu, round) => cpu / floor.cpu[round]);
    return [
      name,
      isSame ? "yes" : "",
      Math.round(median(of(name, "rate"))).toLocaleString("en"),
      median(of(name, "cpu")).toFixed(0),
      median(ratios).toFixed(2),
      `${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)}`,
    ];
  });
  return `\n${table([[`the ${call}`, "same work", "a second", "CPU µs each", "to the floor", "spread"], ...rows])}`;
}
