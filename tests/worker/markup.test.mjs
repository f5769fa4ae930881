// Markup wherever a stranger or a colleague can write something: it is shown as it was written, and does nothing.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { until } from "../../tools/run/until.mjs";
import { ADMIN_TOKEN, house, message, simulator } from "./house.mjs";
import { people } from "./people.mjs";

const MARK = `<img src="/nowhere" onerror="window.hurt=1"><script>window.hurt=1</script>"'>{{ 7 * 7 }}`;
const LABEL = `<b onclick="hurt=1">go</b>`;
const folder = mkdtempSync(join(tmpdir(), "perch-markup-"));
after(() => rmSync(folder, { recursive: true }));
const x = await simulator();
const perch = await house({ x });
assert.equal((await perch.connect()).ok, true);
const { account } = await x.state();
const SCRIPT = {
  version: 1, name: MARK, start: "menu", fallback: "menu",
  nodes: {
    menu: { say: "{{ customer.name }} wrote: {{ text }}", options: [{ label: LABEL, id: "person", go: "person" }] },
    person: { say: "A person comes.", handoff: { note: "{{ customer.name }}: {{ text }}" } },
  },
};
const applied = await perch.admin("POST", "/api/scripts/apply", { script: SCRIPT, media: {} });
assert.equal(applied.status, 200, await applied.clone().text());
const { agent, errors } = await people(perch);
const boss = await agent("boss", `Boss ${MARK.slice(0, 70)}`, "admin");
const shown = (within, text) => within.getByText(text, { exact: false }).first().waitFor({ timeout: 20_000 });
const dashboard = (tab) => boss.getByRole("navigation", { name: "Dashboard" }).getByRole("link", { name: tab }).click();

/** A customer of this name and handle writes; X itself knows nobody of them. */
async function writes(id, text, payload) {
  const delivery = JSON.parse(message(id, { from: "3999", to: account.id, text }));
  delivery.users = { 3999: { id: "3999", created_timestamp: "1", name: MARK, screen_name: "mark" } };
  if (payload) delivery.direct_message_events[0].message_create.message_data.quick_reply_response = { type: "options", metadata: payload };
  assert.equal((await perch.deliver(JSON.stringify(delivery))).status, 200);
}

/** Nothing of it became an element, and nothing ran. */
async function isHarmless(where) {
  const found = await boss.evaluate(() => ({
    hurt: Boolean(window.hurt), images: document.querySelectorAll('img[src="/nowhere"]').length,
    scripts: [...document.querySelectorAll("script")].filter((script) => script.textContent.includes("hurt")).length,
    handlers: document.querySelectorAll("[onclick], [onerror]").length,
  }));
  assert.deepEqual(found, { hurt: false, images: 0, scripts: 0, handlers: 0 }, where);
}

test("a customer's name and words, a label and a hit of the search", async () => {
  await writes("1900000000000000001", MARK);
  await writes("1900000000000000002", MARK, "person");
  await boss.getByRole("button", { name: "All", exact: true }).click();
  const row = boss.getByRole("link", { name: MARK }).first();
  await row.waitFor({ timeout: 20_000 });
  await row.click();
  const log = boss.getByRole("log");
  await shown(log, MARK);
  await shown(log, `wrote: ${MARK}`);
  await shown(log, LABEL);
  await isHarmless("the thread");
  const search = boss.getByRole("searchbox", { name: "Search what was said" });
  await search.fill("nowhere");
  await boss.getByRole("link", { name: /onerror/ }).first().waitFor({ timeout: 20_000 });
  await isHarmless("a hit");
  await search.fill(MARK);
  await boss.getByRole("link", { name: /onerror/ }).first().waitFor({ timeout: 20_000 });
  await isHarmless("what is searched for");
  await search.press("Escape");
});

test("a note, a canned answer, and the name of a file", async () => {
  const card = boss.getByRole("complementary", { name: "About the customer" });
  await card.getByLabel("A note for other agents").fill(MARK);
  await card.getByRole("button", { name: "Add note" }).click();
  await shown(card, MARK);
  await isHarmless("a note");
  const answer = boss.getByLabel("Your answer");
  await answer.fill(`For {name}: ${MARK}`);
  await boss.getByRole("button", { name: "Canned" }).click();
  await boss.getByLabel("Name of the canned answer").fill(LABEL);
  await boss.getByRole("button", { name: "Keep what is written" }).click();
  await boss.getByRole("button", { name: LABEL }).first().waitFor();
  await isHarmless("a canned answer");
  await answer.fill("");
  await boss.getByRole("button", { name: LABEL }).first().click();
  await until("the answer", async () => (await answer.inputValue()) === `For ${MARK}: ${MARK}`, { within: 10_000 });
  const name = `<img src=x onerror=hurt=1>.png`;
  const file = join(folder, name);
  writeFileSync(file, Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64"));
  const [chooser] = await Promise.all([boss.waitForEvent("filechooser"), boss.getByRole("button", { name: "+ File" }).click()]);
  await chooser.setFiles(file);
  await shown(boss.getByRole("main"), name);
  await isHarmless("a file");
});

test("a colleague's name, a script, an event as X wrote it, and a dead letter", async () => {
  const handler = await perch.worker.getExport();
  await handler.queue("perch-dead", [{ id: "dead-1", timestamp: new Date(), attempts: 1, body: MARK }]);
  await boss.getByRole("link", { name: "Dashboard" }).click();
  await isHarmless("the overview");
  await dashboard("People");
  await shown(boss.getByRole("rowheader"), MARK.slice(0, 70));
  await isHarmless("people");
  await dashboard("Scripts");
  await boss.getByRole("heading", { name: MARK }).waitFor({ timeout: 10_000 });
  await boss.locator(".flow .node").first().waitFor();
  await isHarmless("a script");
  await dashboard("Events");
  const event = boss.locator(".events li", { hasText: "dm.message" }).first();
  await event.locator("summary").click();
  await shown(event, "onerror");
  await isHarmless("an event");
  await dashboard("Dead letters");
  const letter = boss.locator(".events li").first();
  await letter.locator("summary").click();
  await shown(letter, "onerror");
  await isHarmless("a dead letter");
});

test("the page for logging in gives a name back as text, and leads nowhere else", async () => {
  const form = new URLSearchParams({ login: MARK, password: "wrong" });
  const headers = { origin: new URL(perch.url).origin, "content-type": "application/x-www-form-urlencoded" };
  for (const path of ["/log-in", "/log-in?next=https://evil.example", "/log-in?next=//evil.example"]) {
    const refused = await perch.worker.fetch(path, { method: "POST", headers, body: form, redirect: "manual" });
    const page = await refused.text();
    assert.ok(!page.includes("<img") && !page.includes("<script>window"), page);
    assert.ok(page.includes("&lt;img"), page);
    assert.equal(refused.headers.get("location"), null);
    assert.match(refused.headers.get("content-security-policy"), /default-src 'none'/);
  }
  const { password } = await (await perch.admin("POST", "/api/agents/add", { login: "max", name: "Max", role: "agent" })).json();
  const well = await perch.worker.fetch("/log-in?next=//evil.example", { method: "POST", headers, body: new URLSearchParams({ login: "max", password }), redirect: "manual" });
  assert.ok(!`${well.headers.get("location")}${await well.text()}`.includes("evil"));
  assert.ok(!(await well.headers.get("set-cookie")).includes(ADMIN_TOKEN));
});

test("the pages had nothing to complain about", () => assert.deepEqual(errors.filter((said) => !/nowhere|Content Security Policy/.test(said)), []));
