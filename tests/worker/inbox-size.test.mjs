// The inbox with 5,000 conversations: how soon it is there, and that it asks for no more than it shows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { house, simulator } from "./house.mjs";
import { people } from "./people.mjs";

const MANY = 5_000;
const x = await simulator();
const perch = await house({ x });
await perch.connect();
const [{ id: account }] = await perch.rows("SELECT id FROM accounts");
const at = Date.now() - 60_000;
const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY})`;
const fill = (sql, ...params) => perch.env.DB.prepare(sql).bind(...params).run();
await fill(`INSERT INTO conversations (account_id, customer_id, name, username, state, turns, updated_at)
  ${numbers} SELECT ?1, '77' || i, 'Customer ' || i, 'customer' || i, '{"node":"menu"}', 1, ?2 - i FROM n`, account, at);
for (const place of [1, 2, 3, 4]) {
  await fill(`INSERT INTO entries (account_id, customer_id, x_id, at, author, body)
    ${numbers} SELECT ?1, '77' || i, printf('19000000000%08d', i * 10 + ?3), ?2 - i, CASE CAST(?3 AS INTEGER) % 2 WHEN 1 THEN 'customer' ELSE 'bot' END, printf('{"text":"Line %d of %d"}', ?3, i) FROM n`, account, at, place);
}
await fill(`INSERT INTO handoffs (id, account_id, customer_id, status, place, started_by, settings, hold_until, waiting_since, started_at)
  SELECT 'h' || customer_id, account_id, customer_id, 'waiting', 'agents', 'script', '{}', ?1 + 86400000, ?1, ?1 FROM conversations LIMIT 150`, at);

const { agent, errors } = await people(perch);

test("the inbox opens within a second, and shows a page of its conversations", async () => {
  const page = await agent("ida", "Ida");
  const took = [];
  for (let n = 0; n < 5; n++) {
    await page.goto("about:blank");
    const since = performance.now();
    await page.goto(new URL("/app/", perch.url).href);
    await page.getByRole("button", { name: "All", exact: true }).click();
    await page.locator(".row").nth(49).waitFor();
    took.push(Math.round(performance.now() - since));
  }
  const median = took.sort((one, other) => one - other)[2];
  console.log(`inbox with ${MANY.toLocaleString("en")} conversations: open after ${median} ms (of five: ${took.join(", ")})`);
  assert.equal(await page.locator(".row").count(), 50);
  assert.ok(median < 1000, `${median} ms`);
  await page.getByRole("button", { name: "Show more" }).click();
  await page.locator(".row").nth(99).waitFor();
  await page.getByRole("button", { name: /Waiting/ }).click();
  await page.locator(".row").nth(149).waitFor();
});

test("the page had nothing to complain about", () => assert.deepEqual(errors, []));
