// SnowBot on the phone, in a real browser: the welcome message, its quick replies, a report with a button, a deep link.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { chromium } from "playwright-core";
import { ROOT, house, simulator } from "./house.mjs";

const x = await simulator();
// The weather service answers once the phone has shown that the bot is at it.
let answers = Promise.resolve();
const weather = createServer(async ({ url }, response) => {
  await answers;
  const answer = await fetch(`${x.url}${url}`);
  response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") }).end(Buffer.from(await answer.arrayBuffer()));
});
await new Promise((listening) => weather.listen(0, "127.0.0.1", listening));
after(() => weather.close());
const perch = await house({ x, vars: { CALL_HOSTS: `weather.perch.example=http://127.0.0.1:${weather.address().port}`, X_UPLOAD_BASE: x.url, X_MEDIA_HOSTS: `ton.twitter.com=${x.url}` } });
assert.equal((await perch.connect()).ok, true);
const applied = JSON.parse(await perch.told("apply", "--json", join(ROOT, "bots", "snow", "bot.yaml")));
const link = applied.steps.find(({ name, what }) => what === "welcome message" && name === "report").link;

const profile = mkdtempSync(join(tmpdir(), "perch-snow-"));
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

const said = (text) => page.locator('[data-event-id][data-direction="in"]').getByText(text).first();
const option = (label) => page.locator("button[data-option]", { hasText: label });
const patience = { timeout: 20_000 };

test("an empty conversation shows the default welcome message with its picture and its speaker, and its quick reply leads into the bot", async () => {
  await said(/Welcome to SnowBot, an automated account/).waitFor(patience);
  await page.locator(".speaker", { hasText: "SnowBot" }).waitFor(patience);
  await page.waitForFunction(() => document.querySelector(".speaker img")?.naturalWidth > 0);
  await page.waitForFunction(() => document.querySelector("img.picture")?.naturalWidth === 640);
  await option("Snow report").click();
  await said("Which resort?").waitFor(patience);
});

test("a report comes with the sign of typing, a button to post, and the ways on", async () => {
  answers = page.getByText("is typing").waitFor(patience);
  await option("Corrie Mor").click();
  await answers;
  await said(/240 cm of snow/).waitFor(patience);
  const button = page.getByRole("link", { name: "Tell your friends" });
  assert.match(await button.getAttribute("href"), /^https:\/\/twitter\.com\/intent\/tweet\?text=41%20cm/);
  await option("Home").waitFor(patience);
});

test("a typed number and a typed command work too, and what was written shows as seen", async () => {
  await page.locator("#composer textarea").fill("playlist");
  await page.keyboard.press("Enter");
  await said("Something to listen to on the lift. Which one?").waitFor(patience);
  await page.locator("#composer textarea").fill("2");
  await page.keyboard.press("Enter");
  await said("The drive up").waitFor(patience);
  await page.getByText(/· Seen$/).first().waitFor(patience);
});

test("a photo comes as a picture", async () => {
  await page.locator("#composer textarea").fill("photo");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => [...document.querySelectorAll("[data-id] img.picture")].some((image) => image.naturalWidth === 640), undefined, patience);
});

test("a picture that the customer sends is answered, and a person opens it through Perch", async () => {
  const picture = join(ROOT, "bots", "snow", "media", "snow-dawn.png");
  await page.locator("#composer input[type=file]").setInputFiles(picture);
  await page.locator('[data-id]:has([data-direction="out"]) img.picture').waitFor(patience);
  const row = await perch.eventually("the picture's message", "SELECT event_id FROM inbox WHERE raw LIKE '%ton.twitter.com%'");
  const opened = await perch.admin("GET", `/api/media/received?message=${row.event_id}`);
  assert.equal(opened.status, 200);
  assert.equal(opened.headers.get("content-type"), "image/png");
  assert.deepEqual(Buffer.from(await opened.arrayBuffer()), readFileSync(picture));
  assert.equal((await perch.worker.fetch(`/api/media/received?message=${row.event_id}`)).status, 401);
  const folder = mkdtempSync(join(tmpdir(), "perch-saved-"));
  await perch.told("dm", "save", row.event_id, "-o", join(folder, "saved.png"));
  assert.deepEqual(readFileSync(join(folder, "saved.png")), readFileSync(picture));
  rmSync(folder, { recursive: true });
});

test("a mention in public is answered by a post, which can be liked", async () => {
  await page.getByRole("button", { name: "Trouble" }).click();
  await page.locator("#mention input").fill("is there snow at Corrie Mor?");
  await page.locator("#mention button").click();
  await page.locator("#posts li").first().waitFor(patience);
  const liked = page.waitForResponse((answer) => answer.url().endsWith("/likes"));
  await page.locator("#posts button", { hasText: "Like" }).first().click();
  assert.equal((await liked).status(), 200);
  await page.getByRole("button", { name: "Close" }).click();
});

test("a deep link shows its own welcome message to another customer", async () => {
  const [, bo] = (await x.state()).customers;
  const other = await browser.newPage();
  await other.addInitScript((id) => sessionStorage.setItem("perch-phone-customer", id), bo.id);
  await other.goto(`${x.url}/${new URL(link).search}`);
  await other.locator("[data-event-id]").getByText(/You came for a snow report/).waitFor(patience);
  await other.locator("button[data-option]", { hasText: "List the resorts" }).click();
  await other.locator("[data-event-id]").getByText("Which resort?").waitFor(patience);
});

test("the page had nothing to complain about", () => assert.deepEqual(errors, []));
