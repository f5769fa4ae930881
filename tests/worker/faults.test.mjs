// The real Worker over real D1 and Queues while both, and X, fail on command, batches come twice and in another order, and the
// isolate is replaced in the middle: what must hold in the schedules of tests/simulate holds here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../tools/run/until.mjs";
import { wrappedConfig } from "../../tools/measure/wrapped.mjs";
import { ECHO } from "../../tools/measure/house.mjs";
import { house, simulator } from "./house.mjs";

const ROUNDS = Number(process.env.PERCH_FAULT_ROUNDS ?? 4);
const SEED = Number(process.env.PERCH_SEED ?? 1);
/** Nothing has moved for so long: what is left waits for time to go by. */
const STILL_MS = 2_500;
const WITHIN_MS = 240_000;

const x = await simulator();
const perch = await house({ x, config: wrappedConfig(), vars: { SEND_LIMITS: "10000000/15m" } });
assert.equal((await perch.connect()).ok, true);
assert.equal((await perch.admin("POST", "/api/scripts/apply", { script: ECHO })).status, 200);
const { customers } = await x.state();
const written = new Map();

const command = (troubles, { twice = false } = {}) => perch.worker.fetch("/bindings", { method: "POST", body: JSON.stringify({ troubles, twice }) });

const AT = ["sql", "sql", "queue", "fetch"];

/** What goes wrong in a round. That a call never got to X shows after ten minutes only: here X has acted whenever one fails. */
function plan(dice) {
  const one = () => {
    const at = AT[dice(AT.length)];
    return { at, how: at === "fetch" || dice(2) === 0 ? "lost" : "before", after: dice(25), times: 1 + dice(3) };
  };
  return { troubles: Array.from({ length: 3 + dice(5) }, one), twice: dice(2) === 0, isReplaced: dice(3) === 0 };
}

for (let round = 0; round < ROUNDS; round++) {
  const seed = SEED + round;
  const { troubles, twice, isReplaced } = plan(diceOf(seed));
  const name = [...troubles.map(({ at, how, after, times }) => `${at} ${how} ${times}× after ${after}`), twice ? "batches twice" : "", isReplaced ? "isolate replaced" : ""];
  test(`seed ${seed}: ${name.filter(Boolean).join(", ")}`, async () => {
    // Twenty turns in five minutes are two machines: the former rounds were a while ago.
    await perch.rows("UPDATE turns SET at = at - 300000");
    await command(troubles, { twice });
    for (const place of [1, 2]) {
      for (const { id } of customers) {
        const text = `round ${round} word ${place}`;
        await x.writes(id, text);
        written.set(`${id}: ${text}`, { id, text });
      }
    }
    if (isReplaced) {
      // The local queue forgets what it has when its process goes, as that of Cloudflare does not: everything is in the tables first.
      const ofCustomers = "SELECT COUNT(*) AS count FROM inbox WHERE json_extract(raw, '$.item.message_create.sender_id') = customer_id";
      await comes("every event into the inbox", async () => (await perch.rows(ofCustomers))[0].count >= written.size);
      await replace(seed);
    }
    await rest();
    await holds();
  });
}

/** Another isolate: whatever the former one was at ends there. */
const replace = (n) => perch.server.update((options) => ({ ...options, workers: options.workers.map((worker) => ({ ...worker, vars: { ...worker.vars, REPLACED: String(n) } })) }));

/** Everything is settled. */
const rest = () =>
  comes("everything to rest", async () => {
    const [{ open, turns }] = await perch.rows(`SELECT (SELECT COUNT(*) FROM inbox WHERE status = 'new') + (SELECT COUNT(*) FROM outbox WHERE status IN ('owed', 'sending')) + (SELECT COUNT(*) FROM spill) AS open, (SELECT COUNT(*) FROM turns) AS turns`);
    return open === 0 && turns >= written.size;
  });

/** What waits for time to go by has it go by as soon as nobody moves. */
function comes(what, isThere) {
  const look = async () => JSON.stringify(await perch.rows(`SELECT key, status, attempts FROM inbox UNION ALL SELECT id, status, attempts FROM outbox UNION ALL SELECT id, 'spilled', 0 FROM spill`));
  let [before, since] = ["", Date.now()];
  const ask = async () => {
    if (await isThere()) return true;
    const now = await look();
    if (now !== before) [before, since] = [now, Date.now()];
    if (Date.now() - since < STILL_MS) return false;
    await pass(60_000);
    since = Date.now();
    return false;
  };
  return until(what, ask, { within: WITHIN_MS });
}

/** The tables are so much older, the minute strikes, and X delivers again what nothing took. */
async function pass(ms) {
  await x.hurries();
  const older = (table, ...columns) => perch.rows(`UPDATE ${table} SET ${columns.map((column) => `${column} = ${column} - ${ms}`).join(", ")}`);
  await older("inbox", "due_at", "attempt_until", "not_before");
  await older("outbox", "due_at", "lease_until", "intent_at");
  await older("accounts", "held_until", "looked_at");
  await older("spill", "due_at");
  await perch.worker.scheduled({ cron: "* * * * *" });
}

async function holds() {
  const open = await perch.rows("SELECT key, status, outcome FROM inbox WHERE status NOT IN ('handled', 'recorded')");
  assert.deepEqual(open, [], "every event is handled");
  const turns = await perch.rows("SELECT cause, COUNT(*) AS count FROM turns GROUP BY cause HAVING count > 1");
  assert.deepEqual(turns, [], "one turn for each event");
  assert.equal((await perch.rows("SELECT COUNT(*) AS count FROM turns"))[0].count, written.size, "as many as were written");
  const unsent = await perch.rows("SELECT id, status, why FROM outbox WHERE kind = 'dm' AND status <> 'sent'");
  assert.deepEqual(unsent, [], "every message is sent");
  for (const { id } of customers) {
    const said = (await x.said(id)).map((text) => text.split("\n")[0]);
    const wanted = [...written.values()].filter((one) => one.id === id).map(({ text }) => text);
    assert.deepEqual([...said].sort(), [...wanted].sort(), "each once");
    // One that arrived after a younger one was answered is answered after it.
    const owed = await perch.rows("SELECT body FROM outbox WHERE customer_id = ? AND kind = 'dm' ORDER BY turn, place", id);
    assert.deepEqual(said, owed.map(({ body }) => JSON.parse(body).text), "in the order of the turns");
  }
}

/** Numbers below `end`, the same for the same seed. */
function diceOf(seed) {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return (end) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % end;
  };
}
