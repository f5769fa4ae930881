// The tab Webhooks of the dashboard in a real browser: each of its buttons pressed, and X asked what it has registered then.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TwitterApi } from "twitter-api-v2";
import { until } from "../../tools/run/until.mjs";
import { KEYS, house, simulator } from "./house.mjs";
import { axe, people } from "./people.mjs";
import { ToTheSimulator } from "./to-the-simulator.mjs";

const WITHIN = { timeout: 20_000 };
const x = await simulator();
// Nothing is set: the address is that of the page itself.
const perch = await house({ x, vars: { PUBLIC_URL: "" } });
const here = new URL("/webhook", perch.url).href;
const { account, customers: [ada] } = await x.state();
const { v2: app } = await new TwitterApi({ appKey: KEYS.CONSUMER_KEY, appSecret: KEYS.CONSUMER_SECRET }, { httpAgent: new ToTheSimulator(x) }).appLogin();

const { agent, errors } = await people(perch);
const boss = await agent("boss", "Boss", "admin");
await boss.getByRole("link", { name: "Dashboard" }).click();
const tab = (name) => boss.getByRole("navigation", { name: "Dashboard" }).getByRole("link", { name }).click();
const button = (name) => boss.getByRole("button", { name, exact: true });
const row = (url) => boss.getByRole("row").filter({ has: boss.getByRole("rowheader", { name: url, exact: true }) });
const none = boss.getByText("None. Connecting an account makes one.");

/** The webhooks that X has, asked without Perch. */
const onX = async () => (await app.get("webhooks")).data;
const addresses = async () => (await onX()).map(({ url, valid }) => [url, valid]);

/** Looks at the tab anew: X is asked when it opens. */
async function look() {
  await tab("Overview");
  await tab("Webhooks");
}

/** Presses what asks first, and answers; what it has asked. */
async function answering(yes, name) {
  let asked;
  boss.once("dialog", (dialog) => {
    asked = dialog.message();
    return yes ? dialog.accept() : dialog.dismiss();
  });
  await button(name).click();
  return asked;
}

test("Register: X challenges this deployment, and has it from then on", async () => {
  await look();
  await none.waitFor(WITHIN);
  assert.deepEqual(await onX(), []);
  assert.deepEqual(await axe(boss), []);
  await button("Register this deployment").click();
  await row(here).getByRole("cell", { name: "yes", exact: true }).waitFor(WITHIN);
  assert.deepEqual(await addresses(), [[here, true]]);
});

test("Validate: what X took for invalid is valid again", async () => {
  const headers = { "content-type": "application/json" };
  const switched = await fetch(`${x.url}/sim/trouble`, { method: "POST", headers, body: JSON.stringify({ trouble: "invalid", on: true }) });
  assert.equal(switched.status, 200);
  assert.deepEqual(await addresses(), [[here, false]]);
  await look();
  await row(here).getByText("no: X delivers nothing").waitFor(WITHIN);
  assert.deepEqual(await axe(boss), []);
  await button("Validate").click();
  await row(here).getByRole("cell", { name: "yes", exact: true }).waitFor(WITHIN);
  assert.deepEqual(await addresses(), [[here, true]]);
});

test("Delete: it asks first, and does nothing after a no", async () => {
  const calls = [];
  boss.on("request", (request) => request.url().endsWith("/api/webhooks/delete") && calls.push(request.postDataJSON()));
  const [{ id }] = await onX();
  const question = `Delete the webhook ${here}? X delivers nothing to it any more.`;
  assert.equal(await answering(false, "Delete"), question);
  assert.equal(await answering(true, "Delete"), question);
  await none.waitFor(WITHIN);
  assert.deepEqual(await onX(), []);
  assert.deepEqual(calls, [{ id }], "once, after the yes");
});

test("Move: the webhook at another address is deleted, since X has room for one alone, and the account hears through the new one", async () => {
  // Another address of the same Worker, which does not look at this.
  const former = `${here}?former=1`;
  assert.equal((await perch.connect(former)).ok, true);
  const [{ id }] = await onX();
  assert.deepEqual(await addresses(), [[former, true]]);
  await look();
  await row(former).waitFor(WITHIN);
  assert.equal(await answering(true, "Move to PUBLIC_URL"), "Move the webhook and every subscription to PUBLIC_URL?");
  await row(here).waitFor(WITHIN);
  assert.equal(await row(former).count(), 0);
  assert.deepEqual(await addresses(), [[here, true]]);
  const [{ id: made }] = await onX();
  assert.notEqual(made, id);
  assert.deepEqual(await perch.rows("SELECT webhook_id, webhook_url FROM accounts"), [{ webhook_id: made, webhook_url: here }]);
  const subscribed = boss.getByRole("row").filter({ has: boss.getByRole("rowheader", { name: `@${account.username}` }) });
  await subscribed.getByRole("cell", { name: here, exact: true }).waitFor(WITHIN);
  await x.writes(ada.id, "hi");
  await until("an answer", async () => (await x.said(ada.id)).length > 0, { within: 20_000 });
});

test("the pages had nothing to complain about", () => assert.deepEqual(errors, []));
