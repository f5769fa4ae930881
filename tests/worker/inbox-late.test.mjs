// Answers that come late or never, held back on their way to the page: what it shows then is of the conversation that is open.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../tools/run/until.mjs";
import { house, simulator } from "./house.mjs";
import { people } from "./people.mjs";

const x = await simulator();
const perch = await house({ x });
assert.equal((await perch.connect()).ok, true);
const { account, customers: [ada, bo] } = await x.state();
const run = (sql, ...params) => perch.env.DB.prepare(sql).bind(...params).run();
for (const { id, name } of [ada, bo]) {
  await run(`INSERT INTO conversations (account_id, customer_id, name, username, state, turns, updated_at) VALUES (?1, ?2, ?3, 'somebody', '{"node":"menu"}', 1, ?4)`, account.id, id, name, Date.now());
  await run(`INSERT INTO entries (account_id, customer_id, x_id, at, author, body)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
    SELECT ?1, ?2, printf('1900000000%s%05d', ?2, i), ?3 + i, 'customer', json_object('text', printf('line %d of %s', i, ?4)) FROM n`, account.id, id, Date.now() - 600_000, name);
}

const { agent, errors } = await people(perch);
const ida = await agent("ida", "Ida");
const log = ida.getByRole("log");
const earlier = ida.getByRole("button", { name: "Earlier messages" });
const open = (customer) => ida.goto(new URL(`/app/#/${account.id}/${customer.id}`, perch.url).href);
const line = (number, customer) => log.getByText(`line ${number} of ${customer.name}`, { exact: true });
const patience = { timeout: 10_000 };

/** Holds back what is asked of `path`; `passes` lets it through and waits until the page has `count` answers. */
async function held(path, count = 1) {
  const waiting = [];
  const answered = [];
  const isOne = ({ pathname, search }) => `${pathname}${search}`.includes(path);
  const hear = (response) => isOne(new URL(response.url())) && answered.push(response.finished());
  let pass;
  const gate = new Promise((resolve) => (pass = resolve));
  ida.on("response", hear);
  await ida.route(isOne, async (route) => (waiting.push(route.request()), await gate, route.continue()));
  return {
    waiting,
    arrive: () => until(`${count} of ${path}`, () => waiting.length === count, { within: 10_000 }),
    async passes() {
      pass();
      await until(`${count} answers of ${path}`, () => answered.length === count, { within: 10_000 });
      await Promise.all(answered);
      ida.off("response", hear);
      await ida.unroute(isOne);
    },
  };
}

test("earlier messages that come when another conversation is open stay out of it", async () => {
  await open(ada);
  await line(71, ada).waitFor(patience);
  const asked = await held("before=");
  await earlier.click();
  await asked.arrive();
  await open(bo);
  await line(71, bo).waitFor(patience);
  await asked.passes();
  await earlier.click();
  await line(21, bo).waitFor(patience);
  assert.equal(await log.getByText(`of ${ada.name}`).count(), 0);
});

test("earlier messages that are asked for twice stand there once", async () => {
  await open(ada);
  await line(71, ada).waitFor(patience);
  const asked = await held("before=", 2);
  await earlier.click();
  await earlier.click();
  await asked.arrive();
  await asked.passes();
  await line(21, ada).first().waitFor(patience);
  await earlier.click();
  await line(1, ada).waitFor(patience);
  assert.equal(await log.locator(".message").count(), 120);
  assert.equal(await line(21, ada).count(), 1);
});

test("the page had nothing to complain about", () => assert.deepEqual(errors, []));
