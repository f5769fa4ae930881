// Clients that no one here wrote, against the simulated X: what they take for X is X enough.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { join } from "node:path";
import autohook from "twitter-autohook";
import { TwitterApi } from "twitter-api-v2";
import { KEYS, ROOT, freePort, simulator } from "./house.mjs";
import { ToTheSimulator } from "./to-the-simulator.mjs";
import { until } from "../../tools/run/until.mjs";

const x = await simulator();
const [ada] = (await x.state()).customers;

const settings = { httpAgent: new ToTheSimulator(x) };
const app = { appKey: KEYS.CONSUMER_KEY, appSecret: KEYS.CONSUMER_SECRET };
const owner = new TwitterApi({ ...app, accessToken: KEYS.OWNER_TOKEN, accessSecret: KEYS.OWNER_TOKEN_SECRET }, settings);
let account;

test("twitter-api-v2 signs somebody in", async () => {
  const asked = await new TwitterApi(app, settings).generateAuthLink("https://client.example/callback");
  assert.equal(asked.oauth_callback_confirmed, "true");
  const { account: brand } = await x.state();
  const form = new URLSearchParams({ oauth_token: asked.oauth_token, user: brand.id, answer: "yes" });
  const yes = await fetch(`${x.url}/oauth/authorize`, { method: "POST", body: form, redirect: "manual" });
  const back = new URL(yes.headers.get("location"));
  const asking = new TwitterApi({ ...app, accessToken: asked.oauth_token, accessSecret: asked.oauth_token_secret }, settings);
  const { client, screenName } = await asking.login(back.searchParams.get("oauth_verifier"));
  assert.equal(screenName, brand.username);
  account = client;
  assert.equal((await account.v1.verifyCredentials()).screen_name, brand.username);
  assert.equal((await account.v2.userByUsername(ada.username)).data.id, ada.id);
});

test("twitter-api-v2 uploads a picture and sends it with quick replies", async () => {
  const picture = readFileSync(join(ROOT, "bots", "snow", "media", "snow-dawn.png"));
  const media = await account.v1.uploadMedia(picture, { mimeType: "image/png", target: "dm" });
  const sent = await account.v1.sendDm({
    recipient_id: ada.id,
    text: "Look at this",
    attachment: { type: "media", media: { id: media } },
    quick_reply: { type: "options", options: [{ label: "Nice", metadata: "nice" }] },
  });
  const shown = (await x.state(ada.id)).messages.find(({ id }) => id === sent.event.id);
  assert.deepEqual([shown.text, shown.options[0].label, shown.picture.kind], ["Look at this", "Nice", "photo"]);
  const listed = await account.v1.listDmEvents();
  assert.equal(listed.events[0].id, sent.event.id);
});

test("twitter-api-v2 makes, lists and deletes welcome messages and their rule", async () => {
  const made = await account.v1.newWelcomeDm("greeting", { text: "Welcome!" });
  const id = made.welcome_message.id;
  const rule = await account.v1.newWelcomeDmRule(id);
  assert.equal(rule.welcome_message_rule.welcome_message_id, id);
  assert.equal((await account.v1.listWelcomeDms()).welcomeMessages.length, 1);
  await account.v1.deleteWelcomeDmRule(rule.welcome_message_rule.id);
  await account.v1.deleteWelcomeDm(id);
});

test("twitter-autohook answers the challenge and takes a delivery", async () => {
  const at = await freePort();
  const receiver = new autohook.Autohook({ token: "t", token_secret: "s", consumer_key: KEYS.CONSUMER_KEY, consumer_secret: KEYS.CONSUMER_SECRET, env: "dev", port: at });
  const events = [];
  receiver.on("event", (event) => events.push(event));
  receiver.startServer();
  after(() => receiver.server.close());
  const place = "account_activity/all/dev";
  const url = `http://127.0.0.1:${at}/webhook`;
  const webhook = await owner.v1.post(`${place}/webhooks.json`, undefined, { query: { url } });
  assert.equal(webhook.valid, true);
  await account.v1.post(`${place}/subscriptions.json`);
  await x.writes(ada.id, "Is anybody there?");
  await until("the event at the receiver", () => events.length > 0, { within: 20_000 });
  assert.equal(events[0].direct_message_events[0].message_create.message_data.text, "Is anybody there?");
});
