// Answers that come late or never, held back on their way to the page: what it shows then is of the conversation that is open.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { until } from "../../tools/run/until.mjs";
import { ROOT, house, simulator } from "./house.mjs";
import { held, people } from "./people.mjs";

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
const answer = ida.getByLabel("Your answer");
const holds = (text) => until(`the draft "${text}"`, async () => (await answer.inputValue()) === text, { within: 10_000 });
const said = (customer, text) => until(`"${text}"`, async () => (await x.said(customer.id)).some((known) => known.includes(text)), { within: 20_000 });

/** Presses Enter, once what was sent before is out of the way. */
async function sends() {
  await ida.getByRole("button", { name: "Send", exact: true }).waitFor(patience);
  await answer.press("Enter");
}

/** Perch does what it is asked at this path next, and the page never hears of it. */
const loses = (path) => ida.evaluate((path) => {
  const real = globalThis.fetch;
  globalThis.fetch = async (...request) => {
    const answer = await real(...request);
    if (request[0] !== path) return answer;
    globalThis.fetch = real;
    throw new TypeError("Failed to fetch");
  };
}, path);

test("earlier messages that come when another conversation is open stay out of it", async () => {
  await open(ada);
  await line(71, ada).waitFor(patience);
  const asked = await held(ida, "before=");
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
  const asked = await held(ida, "before=");
  await earlier.click();
  await earlier.click();
  await asked.arrive(2);
  await asked.passes();
  await line(21, ada).first().waitFor(patience);
  await earlier.click();
  await line(1, ada).waitFor(patience);
  assert.equal(await log.locator(".message").count(), 120);
  assert.equal(await line(21, ada).count(), 1);
});

test("a lost answer is asked for again under the same name: it is said once; with other words it is another message", async () => {
  await x.writes(ada.id, "hi");
  await open(ada);
  const lost = ida.locator(".trouble").getByText("Perch cannot be reached.");
  await loses("/api/inbox/say");
  await answer.fill("Said once.");
  await sends();
  await lost.waitFor(patience);
  await said(ada, "Said once.");
  await holds("Said once.");
  await sends();
  await holds("");
  await lost.waitFor({ state: "detached", ...patience });
  await loses("/api/inbox/say");
  await answer.fill("First words.");
  await sends();
  await lost.waitFor(patience);
  await answer.fill("Other words.");
  await sends();
  await said(ada, "Other words.");
  await holds("");
  assert.equal((await x.said(ada.id)).filter((text) => text.includes("Said once.")).length, 1);
});

test("a quick reply that is added while the message is on its way stays in the draft", async () => {
  const asked = await held(ida, "/api/inbox/say");
  await answer.fill("And this?");
  await sends();
  await asked.arrive();
  await ida.getByRole("button", { name: "+ Reply" }).click();
  const reply = ida.getByLabel("Quick reply 1", { exact: true });
  await reply.fill("Thank you");
  await asked.passes();
  await ida.getByRole("button", { name: "Send", exact: true }).waitFor(patience);
  assert.equal(await reply.inputValue(patience), "Thank you");
  await said(ada, "And this?");
  await ida.getByLabel("Remove quick reply 1").click();
  await answer.fill("");
});

test("Enter sends nothing while a file is still on its way", async () => {
  const sent = [];
  ida.on("request", (request) => request.url().endsWith("/api/inbox/say") && sent.push(request.postDataJSON()));
  const part = await held(ida, "/api/media/part");
  const [chooser] = await Promise.all([ida.waitForEvent("filechooser"), ida.getByRole("button", { name: "+ File" }).click()]);
  await chooser.setFiles(join(ROOT, "bots", "snow", "media", "snow-dawn.png"));
  await part.arrive();
  await answer.fill("This is how it looks.");
  await sends();
  await part.passes();
  await ida.locator(".attached").getByText("snow-dawn.png").waitFor(patience);
  await sends();
  await until("the picture", async () => (await x.state(ada.id)).messages.some(({ text, picture }) => text.includes("This is how it looks.") && picture?.kind === "photo"), { within: 20_000 });
  assert.deepEqual(sent.map(({ file }) => Boolean(file)), [true]);
});

test("more of the list that is asked for twice stands there once", async () => {
  await run(`INSERT INTO conversations (account_id, customer_id, name, username, state, turns, updated_at)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
    SELECT ?1, printf('19100000%05d', i), printf('Guest %d', i), 'guest', '{}', 1, ?2 - i FROM n`, account.id, Date.now() - 900_000);
  await ida.getByRole("button", { name: "All", exact: true }).click();
  const more = ida.getByRole("button", { name: "Show more" });
  await more.waitFor(patience);
  const asked = await held(ida, "before=");
  await more.click();
  await more.click();
  await asked.arrive(2);
  await asked.passes();
  const row = ida.locator(".list li").getByText("Guest 80", { exact: true });
  await row.first().waitFor(patience);
  assert.equal(await row.count(), 1);
});

test("the page had nothing to complain about", () => assert.deepEqual(errors, []));
