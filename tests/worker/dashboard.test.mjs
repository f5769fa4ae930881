// The dashboard in a real browser: an operator connects an account, sees what X delivers, and tries again what was given up.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../tools/run/until.mjs";
import { KEYS, house, message, simulator } from "./house.mjs";
import { axe, people } from "./people.mjs";

const x = await simulator();
const perch = await house({ x, vars: { PUBLIC_URL: "" } });
const { account, customers } = await x.state();
const { agent, errors } = await people(perch);
const boss = await agent("boss", "Boss", "admin");
const tab = (name) => boss.getByRole("navigation", { name: "Dashboard" }).getByRole("link", { name }).click();

test("an operator connects an account", async () => {
  await boss.getByRole("link", { name: "Dashboard" }).click();
  await tab("Accounts");
  await boss.getByText("Or with its tokens").click();
  await boss.getByLabel("Access token").fill(KEYS.ACCOUNT_TOKEN);
  await boss.getByLabel("Its secret").fill("another");
  await boss.getByRole("button", { name: "Connect" }).click();
  const failed = boss.locator(".report li", { hasText: "verify the account's tokens: failed" });
  assert.ok((await failed.locator(".bad").textContent()).length > 20, "cause and mend");
  assert.match(errors.splice(0).join(), /^Failed to load resource: the server responded with a status of 502/, "the browser has told of it");
  await boss.getByLabel("Its secret").fill(KEYS.ACCOUNT_TOKEN_SECRET);
  await boss.getByRole("button", { name: "Connect" }).click();
  await boss.getByRole("rowheader", { name: `@${account.username}` }).waitFor({ timeout: 20_000 });
  await boss.getByText("Messages are kept as RETENTION_DAYS says").click();
  await boss.getByLabel(/^Days/).fill("90");
  await boss.getByRole("button", { name: "Save" }).click();
  await boss.getByText("Messages are kept for 90 days").waitFor({ timeout: 10_000 });
  await boss.getByText(/\d+ of \d+ left in/).first().waitFor();
  assert.deepEqual(await axe(boss), []);
});

test("an account is well only while its webhook and the registry are", async () => {
  const row = boss.getByRole("row", { name: `@${account.username}` });
  await row.getByText("well", { exact: true }).waitFor({ timeout: 10_000 });
  await row.getByText("/webhook").waitFor();
  const [{ webhook_id: webhook }] = await perch.rows("SELECT webhook_id FROM accounts");
  const ill = (what, said) => perch.env.DB.prepare("INSERT INTO health (what, status, since, checked_at, why) VALUES (?1, 'ill', 1, 1, ?2)")
    .bind(what, JSON.stringify({ said, what_to_do: "Wait." })).run();
  const here = [[`webhook:${webhook}`, "X takes the webhook for invalid."], [`subscriptions:${webhook}`, "X does not say for whom it delivers."], ["registry", "X does not answer."]];
  for (const [what, said] of here) {
    await perch.env.DB.prepare("DELETE FROM health WHERE what = ?1").bind(what).run();
    await ill("webhook:another", "This is another one.");
    await ill(what, said);
    await row.getByText(`${said} Wait.`).waitFor({ timeout: 10_000 });
    assert.equal(await row.getByText("well", { exact: true }).count(), 0);
    assert.equal(await row.getByText("another one").count(), 0);
    await perch.env.DB.prepare("DELETE FROM health WHERE status = 'ill'").run();
    await row.getByText("well", { exact: true }).waitFor({ timeout: 10_000 });
  }
});

test("what X delivers is seen as it comes in, and as X wrote it behind a click", async () => {
  await tab("Events");
  await x.writes(customers[0].id, "hi");
  const event = boss.locator(".events li", { hasText: "answered" }).first();
  await event.waitFor({ timeout: 20_000 });
  await event.locator("summary").click();
  await event.getByText('"text": "hi"').waitFor();
  assert.deepEqual(await axe(boss), []);
  await boss.getByLabel("Kind").selectOption("follow");
  await boss.getByText("Nothing has come in.").waitFor();
  await boss.getByLabel("Kind").selectOption("");
  await perch.deliver(JSON.stringify({ for_user_id: account.id, direct_message_events: [{ type: "message_create", id: "1900000000000000779", odd: "number" }] }).replace('"number"', "2127449086037590017"));
  await boss.getByLabel("State").selectOption("set_aside");
  const odd = boss.locator(".events li", { hasText: "set_aside" });
  await odd.locator("summary").click({ timeout: 10_000 });
  await odd.getByText('"odd": 2127449086037590017').waitFor();
  await boss.getByLabel("State").selectOption("");
  await boss.getByLabel("Kind").selectOption("follow");
});

test("a conversation in which the bot has answered too often is seen, and the bot let go on", async () => {
  const pauses = () => perch.env.DB.prepare("UPDATE conversations SET paused_until = ?1").bind(Date.now() + 3_600_000).run();
  const lifted = () => perch.eventually("the bot's leave", "SELECT 1 FROM conversations WHERE paused_until <= ?", Date.now());
  await pauses();
  await tab("Overview");
  const paused = boss.getByRole("list", { name: "Paused conversations" });
  await paused.getByText("says nothing until").waitFor({ timeout: 10_000 });
  assert.deepEqual(await axe(boss), []);
  await paused.getByRole("button", { name: "Let it answer" }).click();
  await paused.waitFor({ state: "detached", timeout: 10_000 });
  await lifted();
  await pauses();
  await paused.getByRole("link").click({ timeout: 10_000 });
  const told = boss.getByText(/The bot says nothing until \d/);
  await told.waitFor();
  assert.deepEqual(await axe(boss), []);
  await boss.getByRole("button", { name: "Let it answer" }).click();
  await told.waitFor({ state: "detached", timeout: 10_000 });
  await lifted();
  await boss.getByRole("link", { name: "Dashboard" }).click();
});

test("what the queue gave up is tried again", async () => {
  const body = message("1900000000000000777", { from: customers[1].id, to: account.id });
  const handler = await perch.worker.getExport();
  const job = JSON.stringify({ job: "delivery.v1", received_at: Date.now(), body });
  await handler.queue("perch-dead", [{ id: "dead-1", timestamp: new Date(), attempts: 1, body: job }]);
  await tab("Dead letters");
  const letter = boss.locator(".events li", { hasText: "tried a hundred times" });
  await letter.locator("summary").click();
  await letter.getByText("delivery.v1").waitFor();
  assert.deepEqual(await axe(boss), []);
  await letter.getByRole("button", { name: "Try again" }).click();
  await boss.getByText("None. What the queue gives up").waitFor({ timeout: 10_000 });
  assert.deepEqual(await axe(boss), []);
  await until("the answer", async () => (await x.said(customers[1].id)).length > 0, { within: 20_000 });
});

test("what nobody wants is dropped after a yes, and nothing else of it happens", async () => {
  const handler = await perch.worker.getExport();
  await handler.queue("perch-dead", [{ id: "dead-2", timestamp: new Date(), attempts: 1, body: "no job of ours" }]);
  await tab("Overview");
  await tab("Dead letters");
  const letter = boss.locator(".events li", { hasText: "tried a hundred times" });
  await letter.locator("summary").click();
  for (const answer of ["dismiss", "accept"]) {
    boss.once("dialog", (dialog) => dialog[answer]());
    await letter.getByRole("button", { name: "Drop" }).click();
    if (answer === "dismiss") assert.equal((await perch.rows("SELECT id FROM dead_letters")).length, 1);
  }
  await boss.getByText("None. What the queue gives up").waitFor({ timeout: 10_000 });
  assert.deepEqual(await perch.rows("SELECT id FROM dead_letters"), []);
});

test("a script is shown as a picture, with the customers in it", async () => {
  await tab("Scripts");
  await boss.getByRole("heading", { name: /^hello/ }).waitFor({ timeout: 10_000 });
  await boss.getByText(/In conversation now: \d+ at/).waitFor();
  assert.ok((await boss.locator(".flow .node").count()) >= 2);
  assert.deepEqual(await axe(boss), []);
});

test("people are added and changed, and how an account hands over is chosen", async () => {
  await tab("People");
  await boss.getByText("Add somebody").click();
  await boss.getByLabel("Logs in as").fill("max");
  const form = boss.locator("form", { has: boss.getByLabel("Logs in as") });
  await form.getByLabel("Name that customers read").fill("Max");
  await form.getByLabel("Teams").fill("returns, sales");
  await form.getByRole("button", { name: "Add" }).click();
  await boss.getByText(/The password of max is [0-9a-f-]{24}/).waitFor({ timeout: 10_000 });
  const row = boss.getByRole("row", { name: /Max/ });
  await row.getByText("returns").waitFor();
  assert.deepEqual(await axe(boss), []);
  assert.equal(await boss.getByLabel("Mode").inputValue(), "hybrid");
  await boss.getByLabel("Routing").selectOption("pull");
  await boss.getByLabel("When nobody came").fill("");
  await boss.getByRole("button", { name: "Save" }).last().click();
  await boss.getByText("Saved.").waitFor({ timeout: 10_000 });
  const { settings } = await (await perch.admin("GET", "/api/accounts/handoff")).json();
  assert.deepEqual([settings.mode, settings.routing, settings.request_seconds, settings.notices.nobody], ["hybrid", "pull", 100, null]);
  boss.once("dialog", (dialog) => dialog.accept());
  await row.getByRole("button", { name: "Delete" }).click();
  await row.waitFor({ state: "detached", timeout: 10_000 });
});

test("the overview tells how it stands", async () => {
  await tab("Overview");
  await boss.getByText("Answer time, median").waitFor();
  await boss.getByRole("img", { name: /received: \d+/ }).waitFor();
  assert.deepEqual(await axe(boss), []);
  await tab("Webhooks");
  await boss.getByRole("rowheader", { name: /webhook/ }).waitFor({ timeout: 10_000 });
  const subscribed = boss.getByRole("rowheader", { name: `@${account.username}` });
  await subscribed.waitFor();
  boss.once("dialog", (dialog) => dialog.accept());
  await boss.getByRole("button", { name: "End" }).click();
  await boss.getByText(`X delivers nothing of @${account.username}`).waitFor({ timeout: 10_000 });
  await boss.getByRole("button", { name: "Subscribe it" }).click();
  await subscribed.waitFor({ timeout: 10_000 });
  assert.deepEqual(await axe(boss), []);
});

test("every account is listed, and events of one of them and earlier ones", async () => {
  await perch.env.DB.prepare(`INSERT INTO accounts (id, username, name, tokens, created_at, updated_at)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120) SELECT '29' || (1000 + i), 'shop' || i, 'Shop', '', 1, 1 FROM n`).run();
  await perch.env.DB.prepare(`INSERT INTO inbox (key, account_id, kind, event_id, created_at, received_at, settled_at, raw, status, outcome)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70) SELECT '291001:test:' || i, '291001', 'follow', i, i, i, 1000 + i, '{}', 'recorded', 'number ' || i FROM n`).run();
  await tab("Accounts");
  await boss.getByRole("rowheader", { name: "@shop120" }).waitFor({ timeout: 20_000 });
  assert.equal(await boss.getByRole("rowheader").count(), 121);
  await tab("Events");
  await boss.getByLabel("Kind").selectOption("");
  await boss.getByLabel("Account").selectOption({ label: "@shop1" });
  const events = boss.locator(".events li");
  await events.filter({ hasText: "number 70" }).waitFor({ timeout: 10_000 });
  await until("a page of them", async () => (await events.count()) === 50, { within: 10_000 });
  await boss.getByRole("button", { name: "Earlier" }).click();
  await events.filter({ hasText: "number 20" }).waitFor({ timeout: 10_000 });
  await until("the rest of them", async () => (await events.count()) === 20, { within: 10_000 });
  assert.deepEqual(await axe(boss), []);
  await boss.getByRole("button", { name: "Latest" }).click();
  await events.filter({ hasText: "number 70" }).waitFor({ timeout: 10_000 });
});

test("dead letters are paged", async () => {
  await perch.env.DB.prepare(`INSERT INTO dead_letters (id, queue, body, why, at)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 203) SELECT 'l' || i, 'perch', '{}', 'number ' || i, i FROM n`).run();
  await tab("Dead letters");
  const letters = boss.locator(".events li");
  await until("a page of them", async () => (await letters.count()) === 200, { within: 10_000 });
  await boss.getByRole("button", { name: "Earlier" }).click();
  await until("the rest of them", async () => (await letters.count()) === 3, { within: 10_000 });
  await letters.filter({ hasText: "number 1" }).first().waitFor();
  assert.deepEqual(await axe(boss), []);
  await boss.getByRole("button", { name: "Latest" }).click();
  await letters.filter({ hasText: "number 203" }).waitFor({ timeout: 10_000 });
});

test("the pages had nothing to complain about", () => assert.deepEqual(errors, []));
