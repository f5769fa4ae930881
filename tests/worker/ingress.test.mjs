// At the door of the real Worker: the challenge, raw bytes, sizes, methods.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect as dial } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { house, message, sign, ADMIN_TOKEN, CONSUMER_SECRET, KEYS, ROOT } from "./house.mjs";

const perch = await house({});
const { worker, deliver } = perch;

test("the challenge is answered with the documented token", async () => {
  const response = await worker.fetch("/webhook?crc_token=foo&nonce=bar");
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.deepEqual(await response.json(), { response_token: sign("foo") });
});

test("the challenge is answered by a Worker that has one secret and no binding", async () => {
  const { createTestHarness } = await import("wrangler");
  const { main, compatibility_date } = { main: "build/index.js", compatibility_date: "2026-11-01" };
  const config = { name: "bare", main: `${ROOT}/${main}`, compatibility_date, vars: { X_CONSUMER_SECRET: CONSUMER_SECRET } };
  const server = createTestHarness({ root: ROOT, workers: [{ config }] });
  try {
    await server.listen();
    const response = await server.fetch("/webhook?crc_token=foo");
    assert.deepEqual(await response.json(), { response_token: sign("foo") });
    // As X sends it; that there is no queue for the note costs the answer nothing.
    const query = "crc_token=foo&nonce=bar";
    const signed = await server.fetch(`/webhook?${query}`, { headers: { "x-twitter-webhooks-signature": sign(query) } });
    assert.deepEqual([signed.status, await signed.json()], [200, { response_token: sign("foo") }]);
    assert.equal((await server.fetch("/healthz")).status, 200);
    assert.equal((await server.fetch("/api/trouble")).status, 503);
  } finally {
    await server.close();
  }
});

test("a token that could be a delivery gets no signature", async () => {
  const forged = '{"for_user_id":"1"}';
  const response = await worker.fetch(`/webhook?crc_token=${encodeURIComponent(forged)}`);
  assert.equal(response.status, 400);
  assert.ok(!(await response.text()).includes("sha256="));
});

test("a signed delivery is taken over its raw bytes, with an emoji cut across two TCP segments", async () => {
  const body = Buffer.from(message("1900000000000000001", { text: "good morning ☀️" }));
  const cut = body.indexOf(Buffer.from("☀️")) + 1;
  const head = [
    "POST /webhook HTTP/1.1",
    `Host: ${perch.url.host}`,
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${body.length}`,
    `X-Twitter-Webhooks-Signature: ${sign(body)}`,
    "Connection: close",
    "\r\n",
  ].join("\r\n");
  const answer = await new Promise((resolve, reject) => {
    const socket = dial(Number(perch.url.port), perch.url.hostname).setNoDelay(true);
    let text = "";
    socket.on("data", (data) => (text += data));
    socket.on("end", () => resolve(text));
    socket.on("error", reject);
    socket.write(head);
    socket.write(body.subarray(0, cut), () => socket.write(body.subarray(cut)));
  });
  assert.match(answer, /^HTTP\/1\.1 200/);
  const row = await perch.eventually("the event in the inbox", "SELECT raw FROM inbox WHERE event_id = ?", "1900000000000000001");
  assert.ok(row.raw.includes("good morning ☀️"));
});

test("a delivery that X signed with the client secret of OAuth 2.0 is taken: each header is held against its own secret", async () => {
  const body = message("1900000000000000003");
  const post = (headers) => worker.fetch("/webhook", { method: "POST", body, headers });
  const OF_CLIENT = "x-twitter-webhooks-signature-oauth2";
  const right = sign(body, KEYS.CLIENT_SECRET);
  assert.equal((await post({ [OF_CLIENT]: right })).status, 200);
  assert.equal((await post({ [OF_CLIENT]: sign(body, "another secret") })).status, 401);
  assert.equal((await post({ "x-twitter-webhooks-signature": right })).status, 401);
  assert.equal((await post({ [OF_CLIENT]: right, "x-twitter-webhooks-signature": "sha256=AAAA" })).status, 200);
});

test("what is not signed, or wrongly, is refused before it is read", async () => {
  const body = message("1900000000000000002");
  for (const signature of [null, "sha256=", "sha256=AAAA", "sha1=AAAA", sign("another body"), sign(body, "another secret")]) {
    assert.equal((await deliver(body, signature)).status, 401, signature);
  }
  assert.equal((await deliver("{broken", null)).status, 401);
  assert.equal((await deliver("{broken")).status, 400);
});

test("one byte above the cap is too large, with a length and without", async () => {
  const filled = (size) => `{"filler":"${"x".repeat(size - 13)}"}`;
  assert.equal(filled(1024 * 1024).length, 1024 * 1024);
  assert.equal((await deliver(filled(1024 * 1024))).status, 200);
  const large = filled(1024 * 1024 + 1);
  assert.equal((await deliver(large)).status, 413);
  const pieces = new ReadableStream({
    start(controller) {
      for (let at = 0; at < large.length; at += 65_536) controller.enqueue(new TextEncoder().encode(large.slice(at, at + 65_536)));
      controller.close();
    },
  });
  const response = await worker.fetch("/webhook", { method: "POST", body: pieces, duplex: "half", headers: { "x-twitter-webhooks-signature": sign(large) } });
  assert.equal(response.status, 413);
});

test("the document promises the same no wherever a body is taken", async () => {
  const { paths } = JSON.parse(readFileSync(join(ROOT, "docs", "openapi.json"), "utf8"));
  const taking = Object.entries(paths).filter(([, { post }]) => post);
  assert.ok(taking.length > 50, `${taking.length} of them`);
  for (const [path, { post }] of taking) {
    const { status } = await worker.fetch(path, { method: "POST", body: "x".repeat(1024 * 1024 + 1), headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
    assert.deepEqual([path, status, "413" in post.responses], [path, 413, true]);
  }
});

test("a delivery above the queue's size is cut and arrives whole", async () => {
  const events = Array.from({ length: 4 }, (_, n) => JSON.parse(message(`190000000000000010${n}`, { text: "long ".repeat(10_000) })).direct_message_events[0]);
  const body = JSON.stringify({ for_user_id: "2001", direct_message_events: events });
  assert.ok(body.length > 128_000);
  assert.equal((await deliver(body)).status, 200);
  await perch.eventually("four events", "SELECT 1 FROM inbox WHERE event_id LIKE '19000000000000001%' GROUP BY account_id HAVING COUNT(*) = 4");
});

test("HEAD, other methods and other paths", async () => {
  assert.equal((await worker.fetch("/", { method: "HEAD" })).status, 200);
  const put = await worker.fetch("/webhook", { method: "PUT" });
  assert.deepEqual([put.status, put.headers.get("allow")], [405, "GET, POST"]);
  assert.equal((await worker.fetch("/nothing")).status, 404);
  const home = await worker.fetch("/");
  assert.match(await home.text(), /<h1>Perch<\/h1>/);
  assert.match(home.headers.get("content-security-policy"), /default-src 'none'/);
});

test("the challenge still answers after all of this", async () => {
  assert.deepEqual(await (await worker.fetch("/webhook?crc_token=foo")).json(), { response_token: sign("foo") });
});

test("wrong admin tokens are limited by the runtime, and the right one still opens", async () => {
  const ask = (token) => worker.fetch("/api/accounts", { headers: { authorization: `Bearer ${token}`, "cf-connecting-ip": "203.0.113.9" } });
  const answers = [];
  for (let n = 0; n < 35; n += 1) answers.push((await ask(`guess-${n}`)).status);
  assert.equal(answers[0], 401);
  assert.equal(answers.at(-1), 429, answers.join(" "));
  assert.equal((await ask(ADMIN_TOKEN)).status, 200);
});
