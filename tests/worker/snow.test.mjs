// SnowBot in workerd, published by the real command line: calls over real HTTP, and a weather service that fails.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { until } from "../../tools/run/until.mjs";
import { ROOT, house, simulator } from "./house.mjs";

const x = await simulator();
const perch = await house({ x, vars: { CALL_HOSTS: `weather.perch.example=${x.url}`, X_UPLOAD_BASE: x.url } });
assert.equal((await perch.connect()).ok, true);
const [ada, bo] = (await x.state()).customers;
const { cli } = perch;
const SNOW = join(ROOT, "bots", "snow", "bot.yaml");

async function weather(behaviour) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${x.url}/sim/weather`, { method: "POST", headers, body: JSON.stringify({ weather: behaviour }) });
  assert.equal(response.status, 200);
}

/** The customer writes; the account's next words. */
async function hears(customer, text) {
  const before = (await x.said(customer.id)).length;
  await x.writes(customer.id, text);
  const next = async () => (await x.said(customer.id))[before];
  return until(`an answer to '${text}'`, next, { within: 30_000 });
}

test("a script is planned, published, and then answers", async () => {
  const plan = await cli("plan", SNOW);
  assert.equal(plan.code, 0, plan.stdout);
  assert.match(plan.stdout, /\+ welcome message 'hello': would be made/);
  const applied = await cli("apply", SNOW);
  assert.equal(applied.code, 0, applied.stdout);
  assert.match(applied.stdout, /compose\?recipient_id=\d+&welcome_message_id=\d+/);
  assert.match((await cli("plan", SNOW)).stdout, /Nothing would change/);
  assert.match(await hears(ada, "hello"), /Ada/);
});

test("a call is made over real HTTP, and the customer sees that it was read", async () => {
  assert.match(await hears(ada, "snow corrie"), /240 cm of snow, 41 cm of it new/);
  assert.deepEqual(await perch.rows("SELECT COUNT(*) AS count FROM timers"), [{ count: 0 }]);
  const asked = async () => (await x.state(ada.id)).messages.findLast(({ text }) => text === "snow corrie");
  await until("the receipt", async () => (await asked()).seen);
});

for (const behaviour of ["fails", "html", "huge", "redirects", "hangs"]) {
  test(`a weather service that ${behaviour} costs the report, not the answer`, async () => {
    await weather(behaviour);
    assert.match(await hears(bo, "snow corrie"), /does not answer at the moment/);
    await weather("works");
  });
}

test("an earlier version is taken back", async () => {
  const other = await cli("apply", join(ROOT, "bots", "leaderboard", "bot.yaml"));
  assert.equal(other.code, 0, other.stdout);
  assert.match(await hears(ada, "t6 h12 s4"), /Recorded: team 6, hole 12, 4 strokes, par/);
  assert.equal((await cli("rollback")).code, 0);
  assert.match(await hears(ada, "playlist"), /Which one\?/);
});

test("a script with a mistake changes nothing and says where it is", async () => {
  const refused = await cli("apply", join(ROOT, "tests", "fixtures", "bots", "two_mistakes.yaml"));
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /two_mistakes\.yaml:9: nodes\.menu\.options\[0\]\.go/);
});

test("a message is shown by its id", async () => {
  const [{ x_id: id }] = await perch.rows("SELECT x_id FROM outbox WHERE kind = 'dm' AND status = 'sent' LIMIT 1");
  const shown = await cli("dm", "show", id);
  assert.equal(shown.code, 0, shown.stdout);
  assert.match(shown.stdout, /message_create/);
});
