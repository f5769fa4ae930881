// Each command of perch against the real Worker: what it does, what it tells people, and what it tells programs.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { until } from "../../tools/run/until.mjs";
import { ROOT, house, simulator } from "./house.mjs";

const x = await simulator();
const perch = await house({ x, vars: { CALL_HOSTS: `weather.perch.example=${x.url}` } });
assert.equal((await perch.connect()).ok, true);
const [ada] = (await x.state()).customers;
const { cli, told } = perch;
const folder = mkdtempSync(join(tmpdir(), "perch-commands-"));
after(() => rmSync(folder, { recursive: true }));
const at = (hours) => new Date(Date.now() - hours * 3_600_000).toISOString();

/** What is said to people, and to programs. */
async function says(command, words) {
  assert.match(await told(...command.split(" ")), words, command);
  return JSON.parse(await told(...command.split(" "), "--json"));
}

test("a bot is checked, drawn, planned, published, and an earlier one again", async () => {
  const snow = join(ROOT, "bots", "snow", "bot.yaml");
  const small = join(folder, "bot.yaml");
  writeFileSync(small, readFileSync(join(ROOT, "bots", "hello", "bot.yaml")));
  assert.match(await told("check", snow), /bot\.yaml/);
  assert.match(await told("graph", small), /^<\?xml|^<svg/);
  assert.match(await told("language"), /## `Node`/);
  assert.ok(JSON.parse(await told("language", "--schema")).$defs);
  for (const script of [small, snow]) assert.match(await told("apply", script), /script.*\n(.*\n)*Published\./);
  assert.match(await told("rollback"), /script 'hello': changed/);
  assert.equal(JSON.parse(await told("plan", snow, "--json")).ok, true);
  assert.match(await told("apply", snow), /script 'snow': changed/);
  const wrong = join(folder, "wrong.yaml");
  writeFileSync(wrong, "version: 1\nname: a\nstart: nowhere\nfallback: a\nnodes: { a: { say: hi } }\n");
  const { code, stdout, stderr } = await cli("apply", wrong);
  assert.equal(code, 1);
  assert.match(stdout + stderr, /wrong\.yaml:3.*nowhere/s);
});

test("what stands on X is listed and shown", async () => {
  for (const [what, words] of [["welcome", /SnowBot/], ["profiles", /SnowBot/], ["rules", /welcome_message/]]) {
    assert.match(await told(what, "list"), words, what);
  }
});

test("an account is set up as somebody wants it", async () => {
  assert.equal((await says("accounts list", /perchdemo .*ready/)).accounts.length, 1);
  await says("accounts keep 90", /kept for 90 days/);
  await says("accounts keep forever", /kept for ever/);
  await says("accounts speak plain", /speaks plain, by your choice/);
  await says("accounts speak auto", /speaks rich, as X takes it/);
  await says("accounts answer-own on", /answers what other accounts/);
  await says("accounts answer-own off", /only records/);
  await says("accounts reseal", /tokens of @perchdemo: as it should be\nDone\./);
  await says("handoff request_seconds=60 notices.joined=null", /60/);
  assert.equal((await says("handoff", /request_seconds/)).settings.request_seconds, 60);
});

test("people are made, changed, listed and removed", async () => {
  assert.match(await told("agents", "add", "eve", "--name", "Eve", "--team", "returns"), /the password is \S{12,}/);
  await says("agents change eve --role admin", /changed/);
  const { agents } = await says("agents list", /eve .*admin/);
  assert.equal(agents[0].teams, "returns");
  assert.match(await told("agents", "remove", "eve"), /Removed/);
});

test("webhooks and subscriptions are looked at, ended and made again", async () => {
  const { webhooks } = await says("webhooks list", /\/webhook/);
  await says(`webhooks validate ${webhooks[0].id}`, /Valid/);
  const again = await cli("webhooks", "register");
  assert.deepEqual([again.code, /registered already: list the webhooks/.test(again.stderr)], [1, true], again.stderr);
  await says("subscriptions list", /subscriptions\n.*webhook/);
  await says("subscriptions check", /^Subscribed\./);
  assert.match(await told("subscriptions", "delete"), /Not subscribed any more/);
  const not = await cli("subscriptions", "check");
  assert.deepEqual([not.code, not.stdout], [1, "Not subscribed. perch subscriptions add\n"]);
  await says("subscriptions add", /Subscribed\./);
  const made = (await told("activity", "add", "profile.update.bio", "--tag", "mine")).match(/Subscribed: (\S+)/)[1];
  await says(`activity update ${made} --tag yours`, /Changed/);
  assert.match(await told("activity", "list"), new RegExp(`${made}.*profile\\.update\\.bio.*yours`));
  assert.match(await told("activity", "delete", made), /Deleted/);
  await says("webhooks move", /Done\./);
});

test("somebody writes, is written to, and is looked up", async () => {
  await x.writes(ada.id, "hello");
  await until("an answer", async () => (await x.said(ada.id)).length > 0, { within: 20_000 });
  const sent = (await told("dm", "send", ada.id, "A word of ours.")).match(/Sent: (\d+)/)[1];
  await until("the word", async () => (await x.said(ada.id)).includes("A word of ours."), { within: 20_000 });
  await says(`dm show ${sent}`, /A word of ours/);
  assert.match(await told("dm", "delete", sent), /Deleted/);
  assert.equal((await told("lookup", ada.username)).trim(), ada.id);
  await says("whoami", /@perchdemo .*read-write-directmessages/);
});

test("how it goes is told: health, costs, trouble, replays, the audit", async () => {
  assert.equal((await says("health", /X last delivered something: \d/)).well, true);
  const why = JSON.stringify({ said: "This is another one.", what_to_do: "Wait." });
  await perch.rows("INSERT INTO health (what, status, since, checked_at, why) VALUES ('webhook:another', 'ill', 1, 1, ?)", why);
  for (const more of [[], ["--json"]]) {
    const ill = await cli("health", ...more);
    assert.deepEqual([ill.code, /This is another one/.test(ill.stdout)], [1, true], ill.stdout);
  }
  await perch.rows("DELETE FROM health WHERE what = 'webhook:another'");
  assert.ok((await says("costs --days 1", /dm\.received.*\n(.*\n)*\d+\.\d\d USD by X's list prices/)).total_usd > 0);
  await says("trouble", /Nothing is in trouble|messages/);
  assert.match(await told("replay", "--from", at(3), "--to", at(2)), /Planned/);
  assert.ok((await says("replay", /\d{4}-\d\d-\d\d/)).replays.length > 0);
  assert.match(await told("audit"), /accounts\/own/);
});

test("what the queue gave up is listed, shown, queued again and dropped", async () => {
  await says("dead-letters list", /None\./);
  const handler = await perch.worker.getExport();
  const letter = (id) => ({ id, timestamp: new Date(), attempts: 1, body: JSON.stringify({ job: "delivery.v1", received_at: Date.now(), body: "{}" }) });
  await handler.queue("perch-dead", [letter("one"), letter("other")]);
  await says("dead-letters list", /one .*perch-dead .*tried a hundred times/);
  await says("dead-letters show one", /delivery\.v1/);
  assert.match(await told("dead-letters", "retry", "one"), /Queued again/);
  assert.match(await told("dead-letters", "drop", "other"), /Dropped/);
  await says("dead-letters list", /None\./);
  const { code, stdout, stderr } = await cli("dead-letters", "drop", "other");
  assert.equal(code, 1);
  assert.match(stdout + stderr, /No dead letter has this id/);
});

test("a customer is told everything, and forgotten; an account goes", async () => {
  assert.ok((await says(`customers export ${ada.id}`, /A word of ours/)).said.length >= 3);
  assert.match(await told("customers", "forget", ada.id), /entries: [1-9](.|\n)*Left: 0/);
  assert.match((await cli("accounts", "disconnect")).stderr, /No account is named/, "nothing goes by mistake");
  assert.match(await told("accounts", "disconnect", "--account", "perchdemo"), /Done\./);
  await says("accounts list", /No account is connected yet/);
});
