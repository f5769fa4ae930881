// A calm stream of messages through the Worker with its bindings counted.
import { Failure } from "../run/failure.mjs";
import { Progress } from "../run/progress.mjs";
import { until } from "../run/until.mjs";
import { workerdCpuMs } from "../measure/cpu.mjs";
import { ECHO, house, simulator } from "../measure/house.mjs";
import { wrappedConfig } from "../measure/wrapped.mjs";
import { logInCpuMs } from "./log-in.mjs";

const STORM = { rate: 20, seconds: 10, customers: 50 };
const WITHIN = { within: 60_000 };

/** The counts for one answered message, and the statements that were run for all. */
export async function run() {
  const x = await simulator();
  const perch = await house({ x, script: ECHO, config: wrappedConfig(), vars: { SEND_LIMITS: "10000000/15m" } });
  const bindings = async (method = "GET") => (await fetch(new URL("/bindings", perch.url), { method })).json();
  const messages = STORM.rate * STORM.seconds;
  const isQuiet = async () => (await perch.rows("SELECT COUNT(*) AS count FROM inbox WHERE status = 'new'"))[0].count === 0;
  const progress = new Progress("messages", `${messages}, ${STORM.rate} a second`);
  await bindings("DELETE");
  const before = workerdCpuMs();
  await x.ask("/sim/storm", STORM);
  await until("every answer", async () => (await x.ask("/sim/storm")).answered.filter((times) => times.length === 1).length === messages, WITHIN);
  // The last echoes are part of it.
  await until("the echo of every answer", async () => (await perch.rows("SELECT COUNT(*) AS count FROM inbox"))[0].count === 2 * messages && isQuiet(), WITHIN);
  const cpu = workerdCpuMs();
  const { counted, statements } = await bindings();
  progress.done();
  const logIn = await logInCpuMs(perch);
  await perch.close();
  if (counted.rows_written === 0) throw new Failure("nothing was counted: tests/worker/wrapped.mjs no longer sees the bindings");
  return { messages, counted, statements, cpu: cpu === undefined ? undefined : (cpu - before) / messages, logIn };
}
