// Behind the queue of the real Worker: batches, retries, dead letters, the cron, and a message answered over real HTTP.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../tools/run/until.mjs";
import { house, message, simulator } from "./house.mjs";

const x = await simulator();
const perch = await house({ x });
const { worker, rows, eventually } = perch;
const handler = await worker.getExport();
const batch = (...bodies) => handler.queue("perch", bodies.map((body, n) => ({ id: `${Date.now()}-${n}-${Math.random()}`, timestamp: new Date(), attempts: 1, body })));
const job = (body) => JSON.stringify({ job: "delivery.v1", received_at: Date.now(), body });

test("an account is connected in one call, and a second call keeps everything", async () => {
  const first = await perch.connect();
  assert.equal(first.ok, true, JSON.stringify(first));
  const results = ({ steps }) => steps.map(({ result }) => result);
  assert.deepEqual(results(first), ["done", "done", "done", "done", "done"]);
  assert.deepEqual(results(await perch.connect()), ["done", "done", "kept", "kept", "done"]);
});

test("a customer's message is answered through the queue, and the echo is known as ours", async () => {
  const { account, customers } = await x.state();
  await x.writes(customers[0].id, "hi");
  const sent = await eventually("the answer", "SELECT * FROM outbox WHERE status = 'sent' AND customer_id = ?", customers[0].id);
  assert.equal(sent.account_id, account.id);
  await eventually("the echo", "SELECT 1 FROM inbox WHERE outcome LIKE 'ours%'");
  assert.deepEqual(await rows("SELECT COUNT(*) AS turns FROM turns"), [{ turns: 1 }]);
});

test("what X's headers say of its limits is counted from then on", async () => {
  const { customers } = await x.state();
  await perch.admin("POST", "/api/accounts/speak", { speaks: "plain" });
  await x.writes(customers[0].id, "hours");
  const window = await eventually("X's own limit", "SELECT cap, used FROM budgets WHERE speaks = 'plain' AND window = 900000 AND cap IS NOT NULL");
  assert.deepEqual(window, { cap: 15, used: 1 });
  await perch.admin("POST", "/api/accounts/speak", { speaks: "rich" });
});

test("overlapping batches of the same delivery are answered once", async () => {
  const { account, customers } = await x.state();
  const body = message("1900000000000000001", { from: customers[1].id, to: account.id });
  const settled = await Promise.all(Array.from({ length: 6 }, () => batch(job(body), job(body))));
  for (const result of settled) assert.deepEqual([result.outcome, result.retryMessages], ["ok", []]);
  await eventually("the answer", "SELECT 1 FROM outbox WHERE status = 'sent' AND customer_id = ?", customers[1].id);
  assert.deepEqual(await rows("SELECT COUNT(*) AS count FROM outbox WHERE kind = 'dm' AND customer_id = ?", customers[1].id), [{ count: 1 }]);
  assert.equal((await x.said(customers[1].id)).length, 1);
});

test("many messages of one customer in overlapping batches are answered in their order", async () => {
  const { account, customers } = await x.state();
  const at = Date.now();
  const bodies = ["menu", "hours", "help", "menu"].map((text, n) => message(`190000000000000001${n}`, { from: customers[2].id, to: account.id, text, at: at + n }));
  await Promise.all([batch(job(bodies[2]), job(bodies[0])), batch(job(bodies[1]), job(bodies[3])), batch(...bodies.map(job))]);
  await until("all four answers", async () => (await x.said(customers[2].id)).length === 4, { within: 30_000 });
  const turns = await rows("SELECT node FROM turns WHERE customer_id = ? ORDER BY number", customers[2].id);
  assert.equal(turns.length, 4);
  const said = await x.said(customers[2].id);
  const is = { menu: /assistant/, hours: /Monday/, help: /Choose an answer/ };
  turns.forEach(({ node }, n) => assert.match(said[n], is[node]));
});

test("a batch with one message that is not ours settles each by itself", async () => {
  const { account, customers } = await x.state();
  const good = job(message("1900000000000000021", { from: customers[0].id, to: account.id }));
  const result = await batch("hello", good, { a: 1 }, '{"job":"party.v9"}');
  assert.deepEqual([result.outcome, result.explicitAcks.length, result.retryMessages.length], ["ok", 4, 0]);
  const letters = await rows("SELECT body, why FROM dead_letters ORDER BY body");
  assert.deepEqual(letters.map(({ body }) => body), ["hello", '{"a":1}', '{"job":"party.v9"}'].sort());
  assert.match(letters[0].why, /not a job of ours/);
});

test("what the first queue gave up is kept by the second", async () => {
  const result = await handler.queue("perch-dead", [{ id: "given-up", timestamp: new Date(), attempts: 1, body: job("{}") }]);
  assert.deepEqual(result.explicitAcks, ["given-up"]);
  assert.equal((await rows("SELECT queue FROM dead_letters WHERE id = 'given-up'"))[0].queue, "perch-dead");
});

test("without its tables the Worker asks for the message again, later each time", async () => {
  await perch.env.DB.exec("ALTER TABLE inbox RENAME TO inbox_away");
  const send = async (attempts) => (await handler.queue("perch", [{ id: "later", timestamp: new Date(), attempts, body: job(message("1900000000000000031")) }])).retryMessages;
  assert.deepEqual(await send(1), [{ msgId: "later", delaySeconds: 5 }]);
  assert.deepEqual(await send(4), [{ msgId: "later", delaySeconds: 135 }]);
  await perch.env.DB.exec("ALTER TABLE inbox_away RENAME TO inbox");
  assert.deepEqual(await send(5), []);
});

test("the cron takes up what nobody finished", async () => {
  const { account, customers } = await x.state();
  const body = message("1900000000000000041", { from: customers[0].id, to: account.id });
  await perch.env.DB.prepare("INSERT INTO spill (id, body, received_at, due_at) VALUES ('lost', ?, ?, 0)").bind(body, Date.now()).run();
  assert.equal((await worker.scheduled({ cron: "* * * * *" })).outcome, "ok");
  await eventually("the event", "SELECT 1 FROM inbox WHERE event_id = '1900000000000000041' AND outcome = 'answered'");
  assert.deepEqual(await rows("SELECT COUNT(*) AS count FROM spill"), [{ count: 0 }]);
});

test("what is in trouble is told to the admin", async () => {
  const report = await (await perch.admin("GET", "/api/trouble")).json();
  assert.ok(report.dead_letters.length >= 4);
  assert.equal(report.accounts[0].status, "ready");
  assert.equal((await worker.fetch("/api/trouble")).status, 401);
});
