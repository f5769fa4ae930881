// Accounts in the real Worker: from an empty deployment to one that answers, by sign-in in a browser and by perch.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { chromium } from "playwright-core";
import { until } from "../../tools/run/until.mjs";
import { ADMIN_TOKEN, ROOT, house, simulator } from "./house.mjs";
import { axe } from "./people.mjs";

const x = await simulator();
const perch = await house({ x });
const site = new URL(perch.url).origin;
const [ada, bo] = (await x.state()).customers;

const profile = mkdtempSync(join(tmpdir(), "perch-accounts-"));
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launchPersistentContext(profile, { executablePath: process.env.CHROMIUM, headless: true, args: quiet });
after(async () => {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
});

test("perch connect prints an address; who signs in there is connected, and answered", async () => {
  const said = await perch.told("connect");
  const page = await browser.newPage();
  await page.goto(said.match(/https?:\S+/)[0]);
  await page.getByRole("heading", { name: /use your account/ }).waitFor();
  await page.getByLabel("You are").selectOption({ label: "Perch Demo (@perchdemo)" });
  await page.getByRole("button", { name: "Authorize app" }).click();
  await page.getByRole("heading", { name: "@perchdemo is connected" }).waitFor();
  assert.equal(new URL(page.url()).origin, site);
  assert.deepEqual(await axe(page), []);
  await x.writes(ada.id, "Hello?");
  await until("an answer", async () => (await x.said(ada.id)).length > 0, { within: 20_000 });
  await page.close();
});

test("somebody who says no is told that nothing was stored, and a copied way back opens nothing", async () => {
  const { url } = JSON.parse(await perch.told("connect", "--json"));
  const page = await browser.newPage();
  await page.goto(url);
  const way = page.url();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("heading", { name: "You said no. Nothing was stored." }).waitFor();
  assert.deepEqual(await axe(page), []);
  const token = new URL(way).searchParams.get("oauth_token");
  const copied = await fetch(`${site}/sign-in/x/callback?oauth_token=${token}&oauth_verifier=guess`);
  assert.equal(copied.status, 403);
  await page.close();
});

test("perch shows and repairs what is registered", async () => {
  const { webhooks } = JSON.parse(await perch.told("webhooks", "list", "--json"));
  assert.deepEqual([webhooks.length, webhooks[0].url, webhooks[0].valid], [1, `${site}/webhook`, true]);
  assert.match(await perch.told("subscriptions", "check"), /^Subscribed\./);
  assert.match(await perch.told("accounts", "list"), /perchdemo .*ready/);
  assert.match(await perch.told("whoami"), /@perchdemo .*read-write-directmessages/);
  assert.equal((await perch.told("lookup", ada.username)).trim(), ada.id);
  assert.match(await perch.told("webhooks", "validate", webhooks[0].id), /Valid/);
  assert.match(await perch.told("trouble"), /Nothing is in trouble/);
});

test("a post with a picture is made by perch", async () => {
  const picture = join(ROOT, "bots", "snow", "media", "snow-dawn.png");
  assert.match(await perch.told("post", "Fresh snow", "--media", picture), /Posted: https:\/\/x\.com\/perchdemo\/status\/\d+/);
  const { posts } = await x.state();
  assert.equal(posts[0].text, "Fresh snow");
  const shown = await fetch(`${x.url}${posts[0].picture}`);
  assert.deepEqual(Buffer.from(await shown.arrayBuffer()), readFileSync(picture));
});

test("an account that is switched off is silent, and answers again when it is on", async () => {
  await perch.told("accounts", "off");
  await x.writes(bo.id, "Anybody?");
  await perch.eventually("the recorded message", "SELECT 1 FROM entries WHERE customer_id = ?", bo.id);
  assert.deepEqual(await x.said(bo.id), []);
  await perch.told("accounts", "on");
  await x.writes(bo.id, "And now?");
  await until("an answer", async () => (await x.said(bo.id)).length > 0, { within: 20_000 });
});

test("what was changed stands in the audit, and secrets do not", async () => {
  const said = await perch.told("audit", "--json");
  assert.match(said, /accounts\/switch/);
  assert.doesNotMatch(said, new RegExp(`${ADMIN_TOKEN}|account-token|a-consumer`));
});
