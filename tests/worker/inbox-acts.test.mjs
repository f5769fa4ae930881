// What agents do with a conversation, each with a click, and what others and the customer see of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../tools/run/until.mjs";
import { house, simulator } from "./house.mjs";
import { PHONE, axe, browser, people } from "./people.mjs";

const x = await simulator();
const perch = await house({ x });
const report = await perch.connect();
assert.equal(report.ok, true);
const { account, customers } = await x.state();
const [ada, bo] = customers;
const SCRIPT = {
  version: 1, name: "shop", start: "menu", fallback: "menu",
  nodes: {
    menu: { say: "Menu", options: [{ label: "A person", id: "person", go: "person" }] },
    person: { say: "A person comes.", handoff: { note: "asks about a lamp" } },
  },
};
assert.equal((await perch.admin("POST", "/api/scripts/apply", { script: SCRIPT, media: {} })).status, 200);
const settings = { activity_seconds: 600, offer_seconds: 600, request_seconds: 600, routing: "pull" };
assert.equal((await perch.admin("POST", "/api/accounts/handoff", { settings })).status, 200);
const { agent, errors } = await people(perch);
const [ida, max, boss] = [await agent("ida", "Ida"), await agent("max", "Max"), await agent("boss", "Boss", "admin")];
const open = (page, customer) => page.goto(new URL(`/app/#/${account.id}/${customer.id}`, perch.url).href);
const act = (page, name) => page.getByRole("button", { name, exact: true });
const bar = (page) => page.locator(".bar .holder");
const shows = (locator, text) => until(`"${text}"`, async () => (await locator.textContent()) === text, { within: 15_000 });
const said = (customer, text) => until(`"${text}"`, async () => (await x.said(customer.id)).some((known) => known.includes(text)), { within: 20_000 });
const row = (page, customer) => page.locator(".list li", { hasText: customer.name });
const sim = async (path, body = {}) => {
  const response = await fetch(`${x.url}/sim/customers/${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  assert.equal(response.status, 200, await response.text());
};

test("who waits is seen by everybody, and what was not read is counted", async () => {
  await x.writes(ada.id, "hi");
  await said(ada, "Menu");
  await x.writes(ada.id, "A person");
  await said(ada, "A person comes.");
  for (const page of [ida, max]) {
    await page.getByRole("button", { name: /^Waiting/ }).click();
    await row(page, ada).getByText("waits").waitFor({ timeout: 15_000 });
    await row(page, ada).getByTitle("The customer waits for a word").waitFor();
  }
  await row(ida, ada).locator(".unread").waitFor();
  assert.deepEqual(await axe(ida), []);
});

test("one takes it, gives it to another, who gives it to all, and an admin ends it", async () => {
  for (const page of [ida, max, boss]) await open(page, ada);
  await act(ida, "Take").click();
  await shows(bar(ida), "yours");
  await shows(bar(max), "Ida");
  assert.equal(await act(max, "Take").count() + await act(max, "Release").count(), 0, "it is Ida's");
  await ida.getByLabel("Assign to").selectOption({ label: "Max" });
  await shows(bar(max), "yours");
  await shows(bar(ida), "Max");
  await act(max, "Release").click();
  await shows(bar(max), "waits");
  await shows(bar(ida), "waits");
  await act(ida, "Take").click();
  await shows(bar(boss), "Ida");
  await act(boss, "Close").click();
  await shows(bar(ida), "bot");
  const before = (await x.said(ada.id)).length;
  await x.writes(ada.id, "and now?");
  await until("the bot's answer", async () => (await x.said(ada.id)).slice(before).some((text) => text.includes("Menu")), { within: 20_000 });
});

test("the customer sees who writes, what they write, and the agent what the customer has read", async () => {
  const phone = await (await browser()).newPage({ viewport: PHONE });
  await phone.goto(`${x.url}/?customer=${bo.id}`);
  await x.writes(bo.id, "hello");
  await said(bo, "Menu");
  await open(ida, bo);
  await act(ida, "Take").click();
  await shows(bar(ida), "yours");
  await sim(`${bo.id}/typing`);
  await ida.getByText(`${bo.name} writes …`).waitFor({ timeout: 15_000 });
  await ida.getByLabel("Your answer").fill("Good day, Bo.");
  await ida.keyboard.press("Enter");
  await said(bo, "Good day, Bo.");
  const mine = ida.getByRole("log").locator(".message.us", { hasText: "Good day, Bo." });
  await phone.getByText("Good day, Bo.").waitFor({ timeout: 15_000 });
  // The phone is open on it.
  await mine.locator(".state.read").waitFor({ timeout: 15_000 });
  assert.equal((await x.state(bo.id)).messages.findLast(({ text }) => text === "hello").seen, true, "and the other way round");
});

test("what was asked of one agent and not taken is seen by the others", async () => {
  await perch.admin("POST", "/api/accounts/handoff", { settings: { ...settings, routing: "push" } });
  await ida.getByRole("button", { name: "Away" }).click();
  await act(ida, "Close").click();
  await shows(bar(ida), "bot");
  const before = (await x.said(bo.id)).length;
  await x.writes(bo.id, "hi again");
  await until("the menu", async () => (await x.said(bo.id)).slice(before).some((text) => text.includes("Menu")), { within: 20_000 });
  await x.writes(bo.id, "A person");
  const asked = ida.getByRole("alert", { name: "Asked of you" });
  await asked.getByText("asks about a lamp").waitFor({ timeout: 20_000 });
  await act(max, "All").click();
  await row(max, bo).getByText("waits").waitFor({ timeout: 15_000 });
  assert.deepEqual(await axe(ida), []);
});

test("the pages had nothing to complain about", () => assert.deepEqual(errors, []));
