// The phone in a real browser: a message typed there is answered, a quick reply tapped, as a person would do it.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { chromium } from "playwright-core";
import { until } from "../../tools/run/until.mjs";
import { house, simulator } from "./house.mjs";

const x = await simulator();
const perch = await house({ x });
const report = await perch.connect();
assert.equal(report.ok, true, JSON.stringify(report));

const profile = mkdtempSync(join(tmpdir(), "perch-phone-"));
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launchPersistentContext(profile, { executablePath: process.env.CHROMIUM, headless: true, args: quiet, viewport: { width: 390, height: 844 } });
after(async () => {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
});
const page = await browser.newPage();
const errors = [];
page.on("pageerror", (error) => errors.push(error.message));
page.on("console", (line) => line.type() === "error" && errors.push(line.text()));
await page.goto(x.url);

const bubbles = (direction) => page.locator(`[data-event-id][data-direction="${direction}"]`);

test("a message typed on the phone is answered", async () => {
  await page.locator("#composer textarea").fill("Hello!");
  await page.keyboard.press("Enter");
  await bubbles("out").getByText("Hello!").waitFor();
  await bubbles("in").getByText(/automated/).first().waitFor({ timeout: 20_000 });
});

test("a tapped quick reply is answered with what it leads to", async () => {
  await page.locator("button[data-option]", { hasText: "Opening hours" }).click();
  await bubbles("in").getByText(/Monday to Friday/).waitFor({ timeout: 20_000 });
});

test("a button opens its page from the message", async () => {
  await page.locator("button[data-option]", { hasText: "Track an order" }).click();
  const button = page.getByRole("link", { name: "Follow the parcel" });
  await button.waitFor({ timeout: 20_000 });
  assert.equal(await button.getAttribute("href"), "https://example.com/track");
});

test("X closes v1.1 while the phone is open: the next answer is text, its options numbered lines", async () => {
  // As if the account had been connected a while ago: what X refuses right after that is about something else.
  await perch.rows("UPDATE accounts SET probed_at = 0");
  await page.getByRole("button", { name: "Trouble" }).click();
  const closed = page.getByRole("switch", { name: /^v1\.1 closed/ });
  for (const [is, words] of [["true", /1\. Opening hours/], ["false", undefined]]) {
    await closed.click();
    await until(`the switch at ${is}`, async () => (await closed.getAttribute("aria-checked")) === is, { within: 10_000 });
    if (words === undefined) continue;
    await page.locator("#composer textarea").fill("menu");
    await page.locator("#composer textarea").press("Enter");
    await bubbles("in").getByText(words).last().waitFor({ timeout: 20_000 });
  }
  await page.getByRole("button", { name: "Trouble" }).click();
});

test("markup in a message is text", async () => {
  await page.locator("#composer textarea").fill('<img src=x onerror="document.title=1"><b>bold</b>');
  await page.keyboard.press("Enter");
  await bubbles("out").getByText("<b>bold</b>").waitFor();
  assert.notEqual(await page.title(), "1");
  assert.equal(await page.locator("[data-event-id] img, [data-event-id] b").count(), 0);
});

test("several customers are there side by side, each on a phone of their own", async () => {
  const wide = await browser.newPage();
  wide.on("console", (line) => line.type() === "error" && errors.push(line.text()));
  await wide.setViewportSize({ width: 1280, height: 800 });
  await wide.goto(new URL("/side-by-side", x.url).href);
  const { customers } = await x.state();
  const phone = ({ name }) => wide.frameLocator(`iframe[title="The phone of ${name}"]`);
  for (const customer of customers.slice(0, 3)) {
    await phone(customer).locator("#composer textarea").fill(`I am ${customer.name}.`);
    await phone(customer).locator("#composer textarea").press("Enter");
  }
  for (const customer of customers.slice(0, 3)) {
    const log = phone(customer).locator("#log");
    await log.getByText(`I am ${customer.name}.`).waitFor({ timeout: 10_000 });
    const others = customers.filter(({ id }) => id !== customer.id);
    for (const { name } of others) assert.equal(await log.getByText(`I am ${name}.`).count(), 0);
    assert.equal(await phone(customer).locator("#people").isVisible(), false);
  }
  await wide.getByRole("checkbox", { name: customers[1].name }).uncheck();
  await wide.locator(`iframe[title="The phone of ${customers[1].name}"]`).waitFor({ state: "detached" });
  await wide.close();
});

test("what is written before the page knows to whom goes once it does", async () => {
  const early = await browser.newPage();
  early.on("console", (line) => line.type() === "error" && errors.push(line.text()));
  let know;
  const known = new Promise((resolve) => (know = resolve));
  await early.route("**/sim/events*", async (route) => (await known, route.continue()));
  await early.goto(x.url);
  await early.locator("#composer textarea").fill("Too early?");
  await early.keyboard.press("Enter");
  know();
  await early.locator('[data-event-id][data-direction="out"]').getByText("Too early?").waitFor();
  await early.close();
});

test("the page had nothing to complain about", () => assert.deepEqual(errors, []));
