// perch welcome, rules and profiles: what stands on X for an account is listed, shown and deleted, and X is asked what it has then.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { TwitterApi } from "twitter-api-v2";
import { KEYS, ROOT, house, simulator } from "./house.mjs";
import { ToTheSimulator } from "./to-the-simulator.mjs";

const SNOW = join(ROOT, "bots", "snow", "bot.yaml");
const x = await simulator();
const perch = await house({ x, vars: { CALL_HOSTS: `weather.perch.example=${x.url}` } });
assert.equal((await perch.connect()).ok, true);
const { customers: [ada, bo, cleo] } = await x.state();
const { cli, told } = perch;
const { v1: account } = new TwitterApi(
  { appKey: KEYS.CONSUMER_KEY, appSecret: KEYS.CONSUMER_SECRET, accessToken: KEYS.ACCOUNT_TOKEN, accessSecret: KEYS.ACCOUNT_TOKEN_SECRET },
  { httpAgent: new ToTheSimulator(x) },
);

/** What X had when it was last asked: it lists no more than 15 times in 15 minutes. */
let had;

/** What X has for the account, asked without Perch. X leaves the key of rules out where there is none. */
async function onX() {
  const [{ welcomeMessages: welcome }, { welcome_message_rules: rules = [] }, { custom_profiles: profiles }] = await Promise.all([
    account.listWelcomeDms(),
    account.listWelcomeDmRules(),
    account.get("custom_profiles/list.json"),
  ]);
  return (had = { welcome, rules, profiles });
}

const ids = (all) => all.map(({ id }) => id).sort();
const greeting = ({ welcome }) => welcome.find(({ message_data: { text } }) => text.startsWith("Welcome to SnowBot")).id;

/** The welcome message that a customer sees who opens the conversation for the first time. */
async function sees(customer) {
  const headers = { "content-type": "application/json" };
  const opened = await fetch(`${x.url}/sim/customers/${customer.id}/opens`, { method: "POST", headers, body: "{}" });
  return (await opened.json()).welcome_message_id;
}

async function isRefused(...args) {
  const { code, stdout, stderr } = await cli(...args);
  assert.deepEqual([code, stdout], [1, ""], args.join(" "));
  assert.match(stderr, /^perch: X said no: ./, args.join(" "));
}

/** What X answers about one, by the command that shows it, and words in it. */
const SHOWN = {
  welcome: ["welcome_messages", "welcome_message", /"text": "Welcome to SnowBot/],
  rules: ["welcome_message_rules", "welcome_message_rule", /"welcome_message_id": "\d+"/],
  profiles: ["custom_profiles", "custom_profile", /"name": "SnowBot"/],
};

test("welcome messages, rules and profiles are listed and shown as X has them", async () => {
  await told("apply", SNOW);
  const has = await onX();
  assert.deepEqual(Object.values(has).map((all) => all.length), [2, 1, 1], JSON.stringify(has));
  for (const [command, [all, one, words]] of Object.entries(SHOWN)) {
    const listed = JSON.parse(await told(command, "list", "--json"))[all];
    assert.deepEqual(ids(listed), ids(has[command]), command);
    const id = command === "welcome" ? greeting(has) : has[command][0].id;
    assert.match(await told(command, "show", id), words);
    assert.equal(JSON.parse(await told(command, "show", id, "--json"))[one].id, id);
  }
  assert.equal(await sees(ada), greeting(has));
});

test("what X does not know is neither shown nor deleted", async () => {
  const before = had;
  for (const command of Object.keys(SHOWN)) {
    for (const verb of ["show", "delete"]) await isRefused(command, verb, "404");
  }
  assert.deepEqual(await onX(), before);
});

test("what is deleted is gone from X, with nothing beside it", async () => {
  const before = had;
  const hello = greeting(before);
  const other = ids(before.welcome).filter((id) => id !== hello);
  const [[rule], [profile]] = [ids(before.rules), ids(before.profiles)];
  const deletes = async (command, id) => {
    assert.equal(await told(command, "delete", id), "Deleted.\n");
    await isRefused(command, "delete", id);
    const { welcome, rules, profiles } = await onX();
    return [ids(welcome), ids(rules), ids(profiles)];
  };
  assert.deepEqual(await deletes("rules", rule), [ids(before.welcome), [], [profile]]);
  assert.equal(await sees(bo), null, "nothing is shown without a rule");
  assert.deepEqual(await deletes("welcome", hello), [other, [], [profile]]);
  assert.deepEqual(await deletes("profiles", profile), [other, [], []]);
  const { changes } = JSON.parse(await told("audit", "--json"));
  assert.equal(changes.filter(({ what, status }) => what.endsWith("on-x/delete") && status === 200).length, 3);
});

test("perch apply makes what was deleted anew, and keeps what stands", async () => {
  const [kept] = ids(had.welcome);
  const said = await told("apply", SNOW);
  for (const made of ["profile 'robot'", "welcome message 'hello'", "default rule 'hello'"]) assert.ok(said.includes(`+ ${made}: made`), said);
  assert.match(said, /\nPublished\.\n$/);
  const has = await onX();
  const hello = greeting(has);
  assert.deepEqual([ids(has.welcome), has.profiles.length], [[hello, kept].sort(), 1]);
  assert.deepEqual(has.rules.map(({ welcome_message_id: shown }) => shown), [hello]);
  assert.equal(await sees(cleo), hello);
  assert.match(await told("plan", SNOW), /Nothing would change\./);
});
