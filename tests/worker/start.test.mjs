// npm start: two addresses, an answer, a port that is taken, and Ctrl-C that leaves nothing behind.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../tools/run/until.mjs";
import { phone } from "./house.mjs";
import { browser } from "./people.mjs";
import { descendants, isUp, starter, twoPorts } from "./started.mjs";

const start = starter();
const [port, simulatorPort] = await twoPorts();
const first = start("--port", String(port), "--simulator-port", String(simulatorPort), "--bot", "snow");
test("it prints the addresses of the phone, of Perch and of the inbox", async () => {
  const there = await isUp(first);
  assert.match(await (await fetch(there)).text(), /<title>/);
  const [perch] = first.said.match(/(?<=Perch +)http\S+/);
  assert.match(await (await fetch(perch)).text(), /Its keys are set/);
  const [inbox] = first.said.match(/(?<=The inbox +)http\S+/);
  assert.equal((await fetch(inbox)).status, 200);
});

test("what is written on the phone is answered there", async () => {
  const page = await (await browser()).newPage();
  await page.goto(await isUp(first));
  const answers = page.locator('[data-event-id][data-direction="in"]');
  await page.locator("#composer textarea").fill("hello");
  await page.keyboard.press("Enter");
  await answers.getByText(/Ada/).first().waitFor({ timeout: 60_000 });
  await page.locator("button[data-option]", { hasText: "Snow report" }).last().click();
  await answers.getByText("Which resort?").first().waitFor({ timeout: 60_000 });
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
  const all = descendants(first.program.pid);
  assert.ok(all.length >= 4, `itself, the simulator, wrangler and workerd at least: ${all}`);
  process.kill(-first.program.pid, "SIGINT");
  assert.deepEqual(await first.ended, [0, null], first.said);
  const lives = (pid) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await until("all of them", () => !all.some(lives), { within: 10_000 });
  for (const closed of [port, simulatorPort]) await assert.rejects(fetch(`http://127.0.0.1:${closed}/`), `port ${closed}`);
});

test("the second time it is up within seconds", async () => {
  const again = start("--port", String(port), "--simulator-port", String(simulatorPort), "--bot", "snow");
  const x = phone((await isUp(again)).replace(/\/$/, ""));
  const [, seconds] = again.said.match(/Perch is up \((\d+) s\)/);
  assert.ok(Number(seconds) < 60, again.said);
  const [ada] = (await x.state()).customers;
  await x.writes(ada.id, "hello");
  await until("SnowBot's answer", async () => (await x.said(ada.id)).length > 0, { within: 60_000 });
});
