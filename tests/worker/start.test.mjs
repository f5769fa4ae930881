// npm start as people have it: two addresses, an answer, a port that is taken, and Ctrl-C that leaves nothing behind.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { until } from "../../tools/run/until.mjs";
import { ROOT, freePort, phone } from "./house.mjs";

// Beside a run of the same folder, whose database and keys stay as they are.
const local = mkdtempSync(join(tmpdir(), "perch-start-"));
const [port, simulatorPort] = await twoPorts();

/** The system may give the same one twice. */
async function twoPorts() {
  const one = await freePort();
  for (;;) {
    const other = await freePort();
    if (other !== one) return [one, other];
  }
}

function start(...flags) {
  const program = spawn(process.execPath, [join(ROOT, "tools", "start.mjs"), ...flags], { cwd: ROOT, env: { ...process.env, PERCH_LOCAL: local }, stdio: ["ignore", "pipe", "pipe"] });
  const run = { program, said: "", ended: once(program, "exit") };
  for (const stream of [program.stdout, program.stderr]) stream.on("data", (text) => (run.said += text));
  return run;
}

const first = start("--port", String(port), "--simulator-port", String(simulatorPort), "--bot", "snow");
after(async () => {
  first.program.kill("SIGTERM");
  await first.ended;
  rmSync(local, { recursive: true, force: true });
});

test("it prints the addresses of the phone and the inbox, and what is written on the phone is answered", async () => {
  await until("npm start", () => first.said.includes("Perch is up") || first.program.exitCode !== null, { within: 300_000 });
  assert.equal(first.program.exitCode, null, first.said);
  const [there] = first.said.match(/(?<=The phone +)http\S+/);
  const [inbox] = first.said.match(/(?<=The inbox +)http\S+/);
  assert.match(await (await fetch(there)).text(), /<title>/);
  assert.equal((await fetch(inbox)).status, 200);
  const x = phone(there.replace(/\/$/, ""));
  const [ada] = (await x.state()).customers;
  await x.writes(ada.id, "hello");
  await until("SnowBot's answer", async () => (await x.said(ada.id)).some((said) => said.includes("Ada")), { within: 60_000 });
});

test("a port that is taken is named with the flag that takes another, and a second run of the folder with the first", async () => {
  const taken = start("--port", String(port), "--simulator-port", String((await twoPorts()).find((free) => free !== port)));
  assert.deepEqual(await taken.ended, [1, null]);
  assert.match(taken.said, new RegExp(`port ${port} is taken.*npm start -- --port \\d+`, "s"));
  const [other, another] = await twoPorts();
  const second = start("--port", String(other), "--simulator-port", String(another));
  assert.deepEqual(await second.ended, [1, null]);
  assert.match(second.said, new RegExp(`runs already in this folder: process ${first.program.pid}`));
});

test("Ctrl-C ends all that it has started", async () => {
  first.program.kill("SIGINT");
  assert.deepEqual(await first.ended, [0, null], first.said);
  for (const closed of [port, simulatorPort]) await assert.rejects(fetch(`http://127.0.0.1:${closed}/`), `port ${closed}`);
  assert.doesNotMatch(execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }), new RegExp(`${local}|--port ${simulatorPort}`));
});
