// The inbox in a real browser, over the real Worker: a customer asks for somebody, an agent answers, silence gives it back.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { chromium } from "playwright-core";
import { ROOT, house, simulator } from "./house.mjs";
import { until } from "../../tools/run/until.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const x = await simulator();
const perch = await house({ x });
assert.equal((await perch.connect()).ok, true);
const { customers } = await x.state();
const [ada, bo] = customers;
const SCRIPT = {
  version: 1, name: "shop", start: "menu", fallback: "menu",
  nodes: {
    menu: { say: "Menu", options: [{ label: "A person", id: "person", go: "person" }] },
    person: { say: "A person comes.", handoff: { note: "{{ customer.name }} asks" } },
  },
};
const applied = await perch.admin("POST", "/api/scripts/apply", { script: SCRIPT });
assert.equal(applied.status, 200, await applied.clone().text());
const settled = await perch.admin("POST", "/api/accounts/handoff", { settings: { activity_seconds: 2, offer_seconds: 600, request_seconds: 600 } });
assert.equal(settled.status, 200, await settled.clone().text());

const profile = mkdtempSync(join(tmpdir(), "perch-inbox-"));
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: quiet });
after(async () => {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
});

const errors = [];
/** An agent with a browser of their own. */
async function agent(login, name) {
  const made = await (await perch.admin("POST", "/api/agents/add", { login, name })).json();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(error.message));
  // What Perch refuses is shown to people; the browser writes a line of its own about it.
  page.on("console", (line) => line.type() === "error" && !/the server responded with a status of 4/.test(line.text()) && errors.push(line.text()));
  await page.goto(new URL("/app/", perch.url).href);
  await page.getByLabel("Name").fill(login);
  await page.getByLabel("Password").fill(made.password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("button", { name: "Away" }).click();
  await page.getByRole("button", { name: "Available" }).waitFor();
  await page.getByText("live", { exact: true }).waitFor();
  return page;
}

const axe = async (page) => {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate("axe.run()");
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
};
const said = (customer, text) => until(`"${text}"`, async () => (await x.said(customer.id)).some((known) => known.includes(text)), { within: 20_000 });

const ida = await agent("ida", "Ida");

test("a customer asks for a person, an agent is asked, takes it and answers; silence gives it back to the bot", async () => {
  await x.writes(ada.id, "hi");
  await x.writes(ada.id, "A person");
  const asked = ida.getByRole("alert", { name: "Asked of you" });
  await asked.getByText("asks for somebody").waitFor({ timeout: 20_000 });
  assert.deepEqual(await axe(ida), []);
  await asked.getByRole("button", { name: "Take" }).click();
  await said(ada, "You are now talking to Ida.");
  await x.writes(ada.id, "Where is my lamp?");
  const log = ida.getByRole("log");
  await log.getByText("Where is my lamp?").waitFor({ timeout: 10_000 });
  await ida.getByLabel("Your answer").fill("On its way.");
  await ida.keyboard.press("Enter");
  await said(ada, "On its way.");
  await log.getByText("sent", { exact: false }).first().waitFor();
  await said(ada, "We have not heard from you");
  await ida.getByRole("button", { name: "Take" }).waitFor({ timeout: 10_000 });
  assert.deepEqual(await axe(ida), []);
});

test("of two agents who take a conversation one has it, and the other is told who", async () => {
  const max = await agent("max", "Max");
  await x.writes(bo.id, "hi");
  await said(bo, "Menu");
  const address = (await perch.rows("SELECT account_id FROM conversations LIMIT 1"))[0].account_id;
  for (const page of [ida, max]) {
    await page.goto(new URL(`/app/#/${address}/${bo.id}`, perch.url).href);
    await page.getByRole("button", { name: "Take" }).waitFor();
  }
  await Promise.all([ida, max].map((page) => page.getByRole("button", { name: "Take" }).click()));
  const told = ida.locator(".trouble").or(max.locator(".trouble")).filter({ hasText: "has this conversation" });
  await Promise.any([ida, max].map((page) => page.locator(".trouble").getByText("has this conversation").waitFor({ timeout: 10_000 })));
  assert.ok(told);
  await said(bo, "You are now talking to");
  assert.equal((await x.said(bo.id)).filter((text) => text.includes("You are now talking to")).length, 1);
});

test("what X refuses is told, and its words are not lost", async () => {
  await ida.goto(new URL(`/app/#/${(await perch.rows("SELECT account_id FROM conversations LIMIT 1"))[0].account_id}/${ada.id}`, perch.url).href);
  await fetch(`${x.url}/sim/trouble`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ trouble: "refuse", on: true }) });
  await ida.getByLabel("Your answer").fill("A long and careful answer.");
  await ida.reload();
  assert.equal(await ida.getByLabel("Your answer").inputValue(), "A long and careful answer.", "a draft outlives the page");
});

test("the pages had nothing to complain about", () => assert.deepEqual(errors, []));
