// A whole run of the real Worker, after which nothing that it logged, that the runtime heard of it, or that stands in its tables
// holds a secret; and no line of the log what anybody said.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { TwitterApi } from "twitter-api-v2";
import { until } from "../../tools/run/until.mjs";
import { KEYS, ROOT, SECRETS, house, message, simulator } from "./house.mjs";
import { ToTheSimulator } from "./to-the-simulator.mjs";

const WITHIN = { within: 30_000 };
/** What is said by customers, bots and agents, and what a bot's call brings. */
const SAID = {
  asked: "Where on earth is my parcel?",
  again: "Still nothing has arrived, sorry to ask",
  answered: "Your parcel is being looked for",
  byAgent: "I have found it in Leeds, on a shelf",
  unread: "words of a job that nobody can read",
};
const GUESS = "a-guess-at-the-token-of-32-characters";
const WRONG = "password-that-is-wrong";
const MORE = { CALL_SECRET_WEATHER: "key-of-the-weather-service", ALERT_SECRET: "whsec_c2VjcmV0LW9mLXRoZS1hbGVydHM=" };
/** Everything that opens something, by what it is; what the run gives out is added as it comes. */
const secrets = { ...SECRETS, ...MORE, GUESS, WRONG, ACCOUNT_TOKEN: KEYS.ACCOUNT_TOKEN, ACCOUNT_TOKEN_SECRET: KEYS.ACCOUNT_TOKEN_SECRET };

const alerts = [];
const alarm = createServer((request, response) => {
  alerts.push(request.headers);
  request.resume().on("end", () => response.end());
}).listen(0, "127.0.0.1");
after(() => alarm.close());
await once(alarm, "listening");

const x = await simulator();
const perch = await house({
  x,
  config: overheard(),
  workers: [{ secrets: { ...SECRETS, ...MORE } }],
  beside: [{ config: { name: "listener", main: join(ROOT, "tests", "worker", "listener.mjs"), compatibility_date: "2026-11-01" } }],
  vars: {
    X_CLIENT_ID: KEYS.CLIENT_ID,
    X_WEB_BASE: x.url,
    CALL_HOSTS: `weather.perch.example=${x.url}`,
    ALERT_URL: `http://127.0.0.1:${alarm.address().port}/alerts`,
  },
});
const site = new URL(perch.url).origin;
const { account, customers } = await x.state();
const [ada, bo] = customers;

/** The Worker as it is deployed, with somebody who listens, and takes the points in place of Analytics Engine. */
function overheard() {
  const path = join(ROOT, "build", "overheard.toml");
  const text = readFileSync(join(ROOT, "wrangler.toml"), "utf8")
    .replace('main = "build/index.js"', 'main = "index.js"')
    .replace('[build]\ncommand = "node tools/build.mjs"', "")
    .replaceAll('migrations_dir = "migrations"', 'migrations_dir = "../migrations"')
    .replaceAll('directory = "public"', 'directory = "../public"');
  writeFileSync(path, `tail_consumers = [{ service = "listener" }]\nservices = [{ binding = "METRICS", service = "listener" }]\n${text}`);
  return path;
}

/** As it stands, and as it may have been written elsewhere. */
function forms(secret) {
  const bytes = Buffer.from(secret);
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), bytes.toString("base64").replace(/=+$/, ""), bytes.toString("base64url"), bytes.toString("hex")];
}

function found(all, text) {
  return Object.entries(all).filter(([, secret]) => forms(secret).some((form) => text.includes(form))).map(([name]) => name);
}

const logged = () => perch.server.getLogs().map(({ level, message }) => `${level} ${message}`);
const listener = async () => (await perch.server.getWorker("listener").fetch("/")).json();
/** All that stands in the tables, as text. */
async function tables() {
  const names = await perch.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'said\\_%' ESCAPE '\\'");
  const rows = await Promise.all(names.map(async ({ name }) => `${name}: ${JSON.stringify(await perch.rows(`SELECT * FROM ${name}`))}`));
  assert.ok(rows.length > 25, `only ${rows.length} tables`);
  return rows.join("\n");
}

const json = { "content-type": "application/json" };
const trouble = (name, on) => fetch(`${x.url}/sim/trouble`, { method: "POST", headers: json, body: JSON.stringify({ trouble: name, on }) });
const sent = (count) => until(`${count} answers`, async () => (await x.said(ada.id)).length >= count, WITHIN);

/** The account's owner says yes on X's page: where X sends them back. */
async function consent(link) {
  const asked = new URL(link);
  const form = new URLSearchParams([...asked.searchParams, ["user", account.id], ["answer", "yes"]]);
  const yes = await fetch(`${x.url}${asked.pathname}`, { method: "POST", body: form, redirect: "manual" });
  return new URL(yes.headers.get("location"));
}

test("the account signs in both ways", async () => {
  assert.equal((await perch.connect()).ok, true);
  const { url } = await (await perch.admin("POST", "/api/invites", { with: "oauth2" })).json();
  const invite = new URL(url);
  secrets.invite = invite.searchParams.get("invite");
  const out = await fetch(`${site}${invite.pathname}${invite.search}`, { redirect: "manual" });
  const cookie = out.headers.get("set-cookie").split(";")[0];
  secrets.browser = cookie.split("=")[1];
  const back = await consent(out.headers.get("location"));
  secrets.code = back.searchParams.get("code");
  const page = await fetch(`${site}${back.pathname}${back.search}`, { headers: { cookie } });
  assert.equal(page.status, 200, await page.text());
  // And once more with tokens that are known here.
  const client = new TwitterApi({ clientId: KEYS.CLIENT_ID, clientSecret: KEYS.CLIENT_SECRET }, { httpAgent: new ToTheSimulator(x) });
  const link = client.generateOAuth2AuthLink("https://client.example/callback", { scope: ["tweet.read", "users.read", "dm.read", "dm.write", "offline.access"] });
  const code = (await consent(link.url)).searchParams.get("code");
  const { accessToken, refreshToken, expiresIn } = await client.loginWithOAuth2({ code, codeVerifier: link.codeVerifier, redirectUri: "https://client.example/callback" });
  Object.assign(secrets, { accessToken, refreshToken });
  const again = await perch.admin("POST", "/api/accounts/connect", { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresIn });
  assert.equal(again.status, 200, await again.text());
  assert.equal((await perch.rows("SELECT COUNT(*) AS both FROM accounts WHERE tokens <> '' AND oauth2 IS NOT NULL"))[0].both, 1);
});

test("a bot answers after a call that holds a secret, and a message is refused", async () => {
  const call = { get: "https://weather.perch.example/weather/v1/resorts", headers: { authorization: "Bearer {{ secret('WEATHER') }}" }, into: "found", on_error: "say" };
  const say = { say: SAID.answered, options: [{ label: "Again", go: "look" }] };
  const script = { version: 1, name: "parcels", start: "look", fallback: "look", nodes: { look: { call, ...say }, say } };
  const applied = await perch.admin("POST", "/api/scripts/apply", { script });
  assert.equal(applied.status, 200, await applied.text());
  await x.writes(ada.id, SAID.asked);
  await sent(1);
  await trouble("refuse", true);
  await x.writes(bo.id, SAID.again);
  await perch.eventually("the refusal", "SELECT 1 FROM outbox WHERE status = 'failed'");
  await trouble("refuse", false);
});

test("an agent logs in and says something, after a wrong password", async () => {
  const { password } = await (await perch.admin("POST", "/api/agents/add", { login: "ida", name: "Ida", role: "admin" })).json();
  secrets.password = password;
  const logIn = (password) => fetch(`${site}/log-in`, { method: "POST", redirect: "manual", headers: { origin: site, "content-type": "application/x-www-form-urlencoded" }, body: new URLSearchParams({ login: "ida", password }) });
  assert.equal((await logIn(WRONG)).status, 401);
  const cookie = (await logIn(password)).headers.get("set-cookie").split(";")[0];
  secrets.session = cookie.split("=")[1];
  const said = await fetch(`${site}/api/inbox/say`, { method: "POST", headers: { ...json, origin: site, cookie }, body: JSON.stringify({ customer: ada.id, id: "one", text: SAID.byAgent }) });
  assert.equal(said.status, 200, await said.text());
  await until("what the agent said", async () => (await x.said(ada.id)).some((text) => text.includes(SAID.byAgent)), WITHIN);
});

test("what is wrong at the door, on the queue and with the webhook comes to the log, and to whoever is alerted", async () => {
  assert.equal((await fetch(`${site}/api/accounts`, { headers: { authorization: `Bearer ${GUESS}` } })).status, 401);
  assert.equal((await perch.deliver(message("1900000000000000001", { text: SAID.asked }), "sha256=AAAA")).status, 401);
  const handler = await perch.worker.getExport();
  await handler.queue("perch", [{ id: "unreadable", timestamp: new Date(), attempts: 1, body: JSON.stringify({ job: "unheard of", text: SAID.unread }) }]);
  const body = message("1900000000000000002", { from: bo.id, to: account.id, text: SAID.again });
  await perch.env.DB.prepare("INSERT INTO spill (id, body, received_at, due_at) VALUES ('lost', ?, ?, 0)").bind(body, Date.now()).run();
  // X has sent no challenge for a long time.
  await perch.rows("UPDATE health SET well_at = 1 WHERE what = 'crc'");
  await perch.worker.scheduled({ cron: "* * * * *" });
  await until("an alert", () => alerts.length > 0, WITHIN);
  await perch.eventually("the event", "SELECT 1 FROM inbox WHERE event_id = '1900000000000000002' AND status <> 'new'");
});

test("the log has a line of each kind, and holds no secret and no text", async () => {
  const text = logged().join("\n");
  for (const event of ["delivery", "job", "turn", "message", "sweep"]) assert.match(text, new RegExp(`event: '${event}'`), text);
  for (const outcome of ["handled", "refused", "sent", "failed", "dead"]) assert.match(text, new RegExp(`outcome: '${outcome}'`), text);
  assert.match(text, /code: 349/);
  assert.deepEqual(found(secrets, text), []);
  assert.deepEqual(found(SAID, text), []);
});

test("nor does what the runtime tells whoever listens", async () => {
  const { heard, points } = await listener();
  const text = [...heard, JSON.stringify(points)].join("\n");
  assert.match(text, /"event":"message","outcome":"sent"/);
  assert.deepEqual(found(SAID, text), []);
  // The runtime tells the address of a call, and blots out what looks like a key, which not every code does. X's code in the
  // address of the callback is used by then, and opens nothing without what its browser keeps.
  const { code, ...others } = secrets;
  assert.deepEqual(found(others, text), []);
  const again = await fetch(`${site}/sign-in/x/callback?state=guess&code=${code}`);
  assert.equal(again.status, 403, await again.text());
});

test("lines are points of the metrics too", async () => {
  const { heard, points } = await listener();
  const lines = heard.flatMap((trace) => JSON.parse(trace).logs).map(({ message }) => message[0]).filter((line) => typeof line === "object");
  const told = new Set(lines.map(({ event, outcome, by }) => `${event} ${outcome ?? by ?? ""}`));
  // Whoever stands in for Analytics Engine here is called like another Worker: what is under way when a call ends is lost.
  assert.ok(points.length > lines.length / 4, `${points.length} points of ${lines.length} lines`);
  for (const { blobs } of points) assert.ok(told.has(`${blobs[0]} ${blobs[1]}`), JSON.stringify(blobs));
  const sent = points.find(({ blobs }) => blobs[0] === "message" && blobs[1] === "sent" && blobs[2] === "dm");
  assert.deepEqual([sent.indexes, sent.blobs[3], sent.doubles.length], [[account.id], "", 7]);
});

test("in the tables stands what was said, and no secret", async () => {
  const text = await tables();
  assert.deepEqual(found(SAID, text), Object.keys(SAID));
  // The app's key names it, and stands in every request; what it opens, its secret opens.
  const { X_CONSUMER_KEY: name, ...others } = secrets;
  assert.ok(text.includes(name));
  assert.deepEqual(found(others, text), []);
});

test("a secret that did come to the log would be found, in whatever form", async () => {
  const planted = "a-secret-that-was-planted";
  const handler = await perch.worker.getExport();
  for (const form of new Set(forms(planted))) {
    perch.server.clearLogs();
    // The name of a queue message is Cloudflare's, and comes to the log.
    await handler.queue("perch", [{ id: form, timestamp: new Date(), attempts: 1, body: "{}" }]);
    assert.deepEqual(found({ planted }, logged().join("\n")), ["planted"], form);
  }
});
