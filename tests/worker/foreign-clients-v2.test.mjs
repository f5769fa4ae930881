// A client that no one here wrote, twitter-api-v2, against the v2 side of the simulated X.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { join } from "node:path";
import { TwitterApi } from "twitter-api-v2";
import { KEYS, ROOT, simulator } from "./house.mjs";
import { ToTheSimulator } from "./to-the-simulator.mjs";

const x = await simulator();
const { account: brand, customers } = await x.state();
const [ada, bo] = customers;
const settings = { httpAgent: new ToTheSimulator(x) };
const SCOPES = ["tweet.read", "tweet.write", "users.read", "dm.read", "dm.write", "media.write", "offline.access"];
const BACK = "https://client.example/callback";
const client = new TwitterApi({ clientId: KEYS.CLIENT_ID, clientSecret: KEYS.CLIENT_SECRET }, settings);
const byOAuth1 = new TwitterApi(
  { appKey: KEYS.CONSUMER_KEY, appSecret: KEYS.CONSUMER_SECRET, accessToken: KEYS.ACCOUNT_TOKEN, accessSecret: KEYS.ACCOUNT_TOKEN_SECRET },
  settings,
);
let account;

/** The brand's owner follows the link and says yes: the code that X sends back. */
async function consent(link) {
  const asked = new URL(link);
  const form = new URLSearchParams([...asked.searchParams, ["user", brand.id], ["answer", "yes"]]);
  const yes = await fetch(`${x.url}${asked.pathname}`, { method: "POST", body: form, redirect: "manual" });
  const back = new URL(yes.headers.get("location"));
  assert.equal(back.searchParams.get("state"), asked.searchParams.get("state"));
  return back.searchParams.get("code");
}

async function signIn() {
  const { url, codeVerifier } = client.generateOAuth2AuthLink(BACK, { scope: SCOPES });
  return client.loginWithOAuth2({ code: await consent(url), codeVerifier, redirectUri: BACK });
}

const plan = (name, on) =>
  fetch(`${x.url}/sim/plan`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ plan: name, on }) });

test("OAuth 2.0: it signs in with PKCE, and a code is good once and for its verifier alone", async () => {
  const { url, codeVerifier } = client.generateOAuth2AuthLink(BACK, { scope: SCOPES });
  const wrong = { code: await consent(url), codeVerifier: `${codeVerifier}x`, redirectUri: BACK };
  await assert.rejects(client.loginWithOAuth2(wrong), { code: 400 });
  const signedIn = await signIn();
  assert.equal(signedIn.expiresIn, 7200);
  assert.deepEqual([...signedIn.scope].sort(), [...SCOPES].sort());
  assert.equal((await signedIn.client.v2.me()).data.username, brand.username);
});

test("OAuth 2.0: a refresh gives other tokens, and the former ones are of no use", async () => {
  const first = await signIn();
  const second = await client.refreshOAuth2Token(first.refreshToken);
  assert.notEqual(second.refreshToken, first.refreshToken);
  await assert.rejects(client.refreshOAuth2Token(first.refreshToken), { code: 400 });
  assert.equal((await second.client.v2.me()).data.id, brand.id);
});

test("OAuth 2.0: a token that was given back opens nothing", async () => {
  const { client: other, accessToken } = await signIn();
  await client.revokeOAuth2Token(accessToken, "access_token");
  await assert.rejects(other.v2.me(), { code: 401 });
  account = (await signIn()).client;
});

test("it looks up people", async () => {
  assert.equal((await account.v2.userByUsername(ada.username)).data.id, ada.id);
  const found = await account.v2.users([ada.id, bo.id, "404"]);
  assert.deepEqual(found.data.map(({ id }) => id), [ada.id, bo.id]);
  assert.equal(found.errors[0].resource_id, "404");
});

test("it sends a message with a picture, and finds it in the conversation and by its id", async () => {
  const picture = readFileSync(join(ROOT, "bots", "snow", "media", "snow-dawn.png"));
  const media = await account.v2.uploadMedia(picture, { media_type: "image/png", media_category: "dm_image" });
  const { data: sent } = await account.v2.sendDmToParticipant(ada.id, { text: "Look at this", attachments: [{ media_id: media }] });
  const shown = (await x.state(ada.id)).messages.find(({ id }) => id === sent.dm_event_id);
  assert.deepEqual([shown.text.startsWith("Look at this"), shown.picture.kind], [true, "photo"]);
  const listed = await account.v2.listDmEventsWithParticipant(ada.id, { "dm_event.fields": ["id", "text", "sender_id", "dm_conversation_id"] });
  const [found] = listed.events;
  assert.deepEqual([found.id, found.sender_id, found.dm_conversation_id], [sent.dm_event_id, brand.id, sent.dm_conversation_id]);
});

test("what a customer writes stands in its list, page by page, newest first", async () => {
  for (const text of ["one", "two", "three"]) await x.writes(bo.id, text);
  const pages = await account.v2.listDmEventsWithParticipant(bo.id, { max_results: 2 });
  assert.deepEqual(pages.events.map(({ text }) => text), ["three", "two"]);
  await pages.fetchNext();
  assert.deepEqual(pages.events.map(({ text }) => text), ["three", "two", "one"]);
});

test("it deletes a message of its own", async () => {
  const { data } = await byOAuth1.v2.sendDmToParticipant(bo.id, { text: "A slip" });
  const id = data.dm_event_id;
  await account.v2.delete("dm_events/:id", undefined, { params: { id } });
  const left = await account.v2.listDmEventsWithParticipant(bo.id);
  assert.equal(left.events.some((event) => event.id === id), false);
});

test("it posts, and the same words again are refused", async () => {
  const { data } = await account.v2.tweet("Good morning");
  assert.equal(data.text, "Good morning");
  await assert.rejects(account.v2.tweet("Good morning"), { code: 403 });
});

test("it reads the limit from the headers, and is told when the limit is spent", async () => {
  const send = (text) => account.v2.post(`dm_conversations/with/${ada.id}/messages`, { text }, { fullResponse: true });
  const first = await send("hello");
  assert.equal(first.rateLimit.limit, 15);
  for (let left = first.rateLimit.remaining; left > 0; left--) await send(`hello ${left}`);
  await assert.rejects(send("one too many"), ({ code, rateLimit, rateLimitError }) => {
    assert.deepEqual([code, rateLimitError, rateLimit.remaining, rateLimit.reset], [429, true, 0, first.rateLimit.reset]);
    return true;
  });
});

test("OAuth 1.0a opens v2 as well; the app's bearer opens what is the app's, and no more", async () => {
  assert.equal((await byOAuth1.v2.me()).data.id, brand.id);
  const app = await new TwitterApi({ appKey: KEYS.CONSUMER_KEY, appSecret: KEYS.CONSUMER_SECRET }, settings).appLogin();
  assert.equal((await app.v2.get("webhooks")).meta.result_count, 0);
  await assert.rejects(app.v2.me(), { code: 403 });
  await assert.rejects(app.v2.sendDmToParticipant(ada.id, { text: "hello" }), { code: 403 });
});

test("where the plan has no v1.1 it is told so with 453, and v2 works on", async () => {
  assert.equal((await plan("v1_closed", true)).status, 200);
  await assert.rejects(byOAuth1.v1.listDmEvents(), ({ code, data }) => {
    assert.deepEqual([code, data.errors[0].code], [403, 453]);
    return true;
  });
  assert.equal((await byOAuth1.v2.me()).data.id, brand.id);
});
