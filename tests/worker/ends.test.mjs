// How a call ends: the runtime is told what is still under way, and an instance that ended is followed by another.
import assert from "node:assert/strict";
import { test } from "node:test";
import { wrappedConfig } from "../../tools/measure/wrapped.mjs";
import { house, message, sign } from "./house.mjs";

const perch = await house({ config: wrappedConfig() });
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
