// Everybody is measured in turn, again and again: what the machine does meanwhile hits all of them alike.
import autocannon from "autocannon";
import { cpuMs } from "../measure/cpu.mjs";
import { Failure } from "../run/failure.mjs";
import { Progress } from "../run/progress.mjs";
import { CALLS } from "./calls.mjs";

const CONNECTIONS = 16;

/** For each subject and call, the rounds: requests a second, CPU of the server for one (µs), p50 and p99 (ms). */
export async function run(subjects, { rounds, seconds }) {
  for (const subject of subjects) await look(subject);
  const measured = [];
  const progress = new Progress("rounds", `${rounds} of ${subjects.length} receivers, two calls of ${seconds} s each`);
  for (let round = 0; round <= rounds; round++) {
    for (const [call, made] of Object.entries(CALLS)) {
      for (const subject of shuffled(subjects)) {
        progress.last = `round ${round} of ${rounds}: ${call}, ${subject.name}`;
        const result = await fire(subject, made, seconds);
        // The first one warms up.
        if (round > 0) measured.push({ subject: subject.name, call, ...result });
      }
    }
  }
  progress.done();
  return measured;
}

/** That it answers as it should, before it is measured. */
async function look(subject) {
  if (subject.name === "an empty Worker") return;
  for (const [call, { method, query, body, headers, expects }] of Object.entries(CALLS)) {
    const response = await fetch(subject.url + query, { method, body, headers });
    if (!(await expects(response))) throw new Failure(`${subject.name} does not answer the ${call}: HTTP ${response.status}`);
  }
}

async function fire(subject, { method, query, body, headers }, seconds) {
  const before = cpuMs(subject.pid);
  const result = await autocannon({ url: subject.url + query, method, body, headers, connections: CONNECTIONS, duration: seconds });
  const requests = result["2xx"];
  if (requests === 0 || result.non2xx > 0 || result.errors > 0) throw new Failure(`${subject.name}: ${requests} answers of 200, ${result.non2xx} others, ${result.errors} errors`);
  const cpu = cpuMs(subject.pid);
  return { rate: requests / result.duration, cpu: cpu === undefined ? Number.NaN : ((cpu - before) * 1000) / requests, p50: result.latency.p50, p99: result.latency.p99 };
}

function shuffled(all) {
  return all.map((one) => [Math.random(), one]).sort(([a], [b]) => a - b).map(([, one]) => one);
}
