// How a call ends: the runtime is told what is still under way, and an instance that ended is followed by another.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../tools/run/until.mjs";
import { wrappedConfig } from "../../tools/measure/wrapped.mjs";
import { house, message, sign, simulator } from "./house.mjs";

const x = await simulator();
const perch = await house({ x, config: wrappedConfig() });
const waited = async () => (await (await perch.worker.fetch("/bindings")).json()).counted.waited;

// Where whoever asked hangs up, the runtime drops what it was not told to wait for. The local one does not, so the telling is seen.
test("the runtime waits for a delivery to be durable, though X may hang up before; the challenge is over at once", async () => {
  const before = await waited();
  await perch.worker.fetch("/webhook?crc_token=foo");
  assert.equal(await waited(), before);
  assert.equal((await perch.deliver(message("1900000000000000071"))).status, 200);
  assert.equal(await waited(), before + 1);
});

test("an instance that ended in a call is followed by one that answers", async () => {
  await assert.rejects(perch.worker.fetch("/bindings/panic"), /Critical error/);
  assert.deepEqual(await (await perch.worker.fetch("/webhook?crc_token=foo")).json(), { response_token: sign("foo") });
  assert.equal((await perch.deliver(message("1900000000000000073"))).status, 200);
  await perch.eventually("the event in the inbox", "SELECT 1 FROM inbox WHERE event_id = '1900000000000000073'");
});

test("a text that asks for all of the memory ends an instance, and not what others are told", async () => {
  const home = { label: "Home", go: "home" };
  const nodes = { home: { say: "Hello.", options: [home] }, stars: { say: "{{ '*' * count }}", options: [home] } };
  const script = { version: 1, name: "stars", start: "home", fallback: "home", variables: { count: "" }, commands: { "stars {count:int}": "stars" }, nodes };
  assert.equal((await perch.connect()).ok, true);
  const applied = await perch.admin("POST", "/api/scripts/apply", { script });
  assert.equal(applied.status, 200, await applied.text());
  const [ada, bo] = (await x.state()).customers;
  await x.writes(bo.id, "stars 5");
  await until("five stars", async () => (await x.said(bo.id)).includes("*****"), { within: 20_000 });
  await x.writes(ada.id, "stars 100000000");
  await perch.eventually("a try that is counted", "SELECT 1 FROM inbox WHERE customer_id = ? AND status = 'new' AND attempts >= 1", ada.id);
  for (const words of ["stars 6", "stars 7"]) {
    await x.writes(bo.id, words);
    await until(words, async () => (await x.said(bo.id)).includes("*".repeat(words.at(-1))), { within: 60_000 });
  }
  const [{ status, attempts }] = await perch.rows("SELECT status, attempts FROM inbox WHERE customer_id = ? AND json_extract(raw, '$.item.message_create.sender_id') = customer_id", ada.id);
  assert.equal(status, "new", "it is tried again, as often as anything is");
  assert.ok(attempts >= 1);
});
