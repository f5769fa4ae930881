// How the dashboard keeps looking: whatever is done on it, it looks every few seconds, and what was refused stands there until it is read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../tools/run/until.mjs";
import { house, simulator } from "./house.mjs";
import { held, people } from "./people.mjs";

const LOOK = "/api/accounts/handoff?";
const x = await simulator();
const perch = await house({ x });
assert.equal((await perch.connect()).ok, true);
const { agent, errors } = await people(perch);
const boss = await agent("boss", "Boss", "admin");
/** When the tab was looked at (ms). */
let looks = [];
boss.on("request", (request) => request.url().includes(LOOK) && looks.push(performance.now()));
const looked = (times) => until(`${times} looks`, () => looks.length >= times, { within: 20_000 });
await boss.goto(new URL("/app/#/dashboard/people", perch.url).href);
await boss.getByText("Add somebody").click();
const form = boss.locator("form", { has: boss.getByLabel("Logs in as") });
await form.getByLabel("Logs in as").fill("boss");
await form.getByLabel("Name that customers read").fill("Another boss");
const refused = boss.locator(".trouble").getByText("Somebody logs in as");

/** Looked at twice more, so that the first of these looks is over. */
async function stands() {
  looks = [];
  await looked(2);
  assert.equal(await refused.count(), 1);
  await boss.getByRole("button", { name: "Close", exact: true }).click();
  await refused.waitFor({ state: "detached" });
}

test("after a refusal it looks on, and the refusal stands", async () => {
  const look = await boss.waitForResponse((response) => response.url().includes(LOOK));
  await look.finished();
  await form.getByRole("button", { name: "Add" }).click();
  await refused.waitFor({ timeout: 10_000 });
  await stands();
});

test("a look that was under way takes no refusal away", async () => {
  const look = await held(boss, LOOK);
  await look.arrive();
  await form.getByRole("button", { name: "Add" }).click();
  await refused.waitFor({ timeout: 10_000 });
  await look.passes();
  await stands();
});

test("however much is done while it looks, it does not look more often", async () => {
  const look = await held(boss, LOOK);
  await look.arrive();
  for (const count of [2, 3]) {
    await boss.locator(".connect").getByRole("button", { name: "Save" }).click();
    await look.arrive(count);
  }
  await look.passes();
  await boss.getByText("Saved.").waitFor({ timeout: 10_000 });
  looks = [];
  await looked(3);
  const pauses = looks.slice(1).map((at, place) => at - looks[place]);
  assert.ok(pauses.every((pause) => pause > 2_000), `${pauses.map(Math.round)} ms`);
});

test("what a look cannot tell is said, and taken back by the next that can", async () => {
  const no = JSON.stringify({ detail: "Not now.", what_to_do: "Wait." });
  await boss.route((url) => url.href.includes(LOOK), (route) => route.fulfill({ status: 429, body: no }), { times: 1 });
  const told = boss.locator(".trouble").getByText("Not now.");
  await told.waitFor({ timeout: 10_000 });
  await told.waitFor({ state: "detached", timeout: 10_000 });
});

test("the page had nothing to complain about", () => assert.deepEqual(errors, []));
