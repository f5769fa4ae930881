// The same build as two Workers, by configuration alone: one that only receives, one that handles and answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CONSUMER_SECRET, house, SECRETS, sign, simulator } from "./house.mjs";

const x = await simulator();
const ingress = { env: "ingress", secrets: { X_CONSUMER_SECRET: CONSUMER_SECRET } };
const consumer = { env: "consumer", secrets: SECRETS };
const pair = await house({ x, workers: [ingress, consumer] });
const behind = pair.server.getWorker("perch-consumer");

test("the one that receives holds one secret, answers the challenge, and opens nothing else", async () => {
  const env = await pair.worker.getEnv();
  const secrets = Object.keys(SECRETS).filter((name) => env[name] !== undefined);
  assert.deepEqual(secrets, ["X_CONSUMER_SECRET"]);
  assert.deepEqual(await (await pair.worker.fetch("/webhook?crc_token=foo")).json(), { response_token: sign("foo") });
  assert.equal((await pair.worker.fetch("/api/trouble")).status, 503);
  const origin = pair.url.origin;
  assert.equal((await fetch(`${origin}/log-in`, { method: "POST", headers: { origin }, body: "login=ida&password=x" })).status, 503);
});

test("what the one receives, the other answers", async () => {
  const response = await behind.fetch("/api/accounts/connect", {
    method: "POST",
    headers: { authorization: `Bearer ${SECRETS.ADMIN_TOKEN}` },
    body: JSON.stringify({ access_token: "account-token", access_token_secret: "account-token-secret", webhook_url: new URL("/webhook", pair.url).href }),
  });
  const report = await response.json();
  assert.equal(report.ok, true, JSON.stringify(report));
  const { customers } = await x.state();
  await x.writes(customers[0].id, "hi");
  await pair.eventually("the answer", "SELECT 1 FROM outbox WHERE status = 'sent' AND customer_id = ?", customers[0].id);
});

test("the challenge is answered while the other one is broken", async () => {
  await pair.env.DB.exec("ALTER TABLE inbox RENAME TO inbox_away");
  const { customers } = await x.state();
  await x.writes(customers[1].id, "hi");
  assert.equal((await pair.worker.fetch("/webhook?crc_token=foo")).status, 200);
  await pair.env.DB.exec("ALTER TABLE inbox_away RENAME TO inbox");
  await pair.eventually("the answer after all", "SELECT 1 FROM outbox WHERE status = 'sent' AND customer_id = ?", customers[1].id);
});
