// A web service that a script calls, and an address that a picture stands at, in the hands of somebody who means harm.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { until } from "../../tools/run/until.mjs";
import { phone } from "./house.mjs";
import { isUp, starter, twoPorts } from "./started.mjs";

const MIB = 1 << 20;
const PICTURE = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const PACKED = gzipSync(Buffer.alloc(64 * MIB, "0"));
/** What was asked for, and how much of an answer without an end was taken until the other side had enough. */
const asked = [];
const endless = { sent: 0, isOver: false };

const ANSWERS = {
  "/good": (response) => response.setHeader("content-type", "application/json").end('{"good":true}'),
  "/good.png": (response) => response.setHeader("content-type", "image/png").end(PICTURE),
  "/redirect": (response) => response.writeHead(302, { location: "/good" }).end(),
  "/redirect.png": (response) => response.writeHead(307, { location: "/good.png" }).end(),
  "/packed": (response) => response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip", "content-length": PACKED.length }).end(PACKED),
  "/endless": (response) => {
    response.setHeader("content-type", "application/json");
    const piece = Buffer.alloc(64 << 10, "1");
    const more = () => {
      while (!endless.isOver) {
        endless.sent += piece.length;
        if (!response.write(piece)) return response.once("drain", more);
      }
    };
    response.on("close", () => (endless.isOver = true));
    more();
  },
};
const stranger = createServer(({ url }, response) => {
  asked.push(url);
  ANSWERS[url](response);
});
await new Promise((listening) => stranger.listen(0, "127.0.0.1", listening));
after(() => (stranger.closeAllConnections(), stranger.close()));

const CALL = (path) => `{ call: { get: 'https://strange.example${path}', into: answer, within: 10s, on_error: failed }, go: got }`;
const BOT = `
version: 1
name: strange
start: menu
fallback: menu
commands: { good: good, redirect: redirect, packed: packed, endless: endless, picture: picture }
nodes:
  menu: { say: Menu, options: [{ label: On, go: menu }] }
  good: ${CALL("/good")}
  redirect: ${CALL("/redirect")}
  packed: ${CALL("/packed")}
  endless: ${CALL("/endless")}
  picture: { say: Here, media: 'https://strange.example/redirect.png', options: [{ label: On, go: menu }] }
  got: { say: 'Got {{ answer.good }}', options: [{ label: On, go: menu }] }
  failed: { say: 'No: {{ error.kind }} {{ error.status }} {{ error.why }}', options: [{ label: On, go: menu }] }
`;
const bot = join(mkdtempSync(join(tmpdir(), "perch-bot-")), "bot.yaml");
writeFileSync(bot, BOT);
const [port, simulatorPort] = await twoPorts();
const flags = ["--port", String(port), "--simulator-port", String(simulatorPort), "--bot", bot];
// The runtime itself makes these calls: nothing stands between it and the network.
const run = starter()(...flags, "--call-hosts", `strange.example=http://127.0.0.1:${stranger.address().port}`);
const x = phone((await isUp(run)).replace(/\/$/, ""));
const [ada] = (await x.state()).customers;

async function hears(text) {
  const before = (await x.said(ada.id)).length;
  await x.writes(ada.id, text);
  return until(`an answer to '${text}'`, async () => (await x.said(ada.id))[before], { within: 30_000 });
}

test("what answers as it should is heard", async () => assert.match(await hears("good"), /^Got True/));

test("nobody is led on to another address, neither a call nor a picture", async () => {
  asked.length = 0;
  assert.match(await hears("redirect"), /^No: status 302/);
  assert.match(await hears("picture"), /^Here/);
  assert.equal((await x.state(ada.id)).messages.findLast(({ text }) => text.startsWith("Here")).picture, null);
  assert.ok(asked.includes("/redirect") && asked.includes("/redirect.png"), asked.join());
  assert.ok(!asked.some((path) => path.startsWith("/good")), asked.join());
});

test("of an answer without an end no more than a little is read, and no longer than the script waits", async () => {
  assert.match(await hears("endless"), /^No: too_large/);
  await until("the end of it", () => endless.isOver, { within: 10_000 });
  assert.ok(endless.sent < 16 * MIB, `${endless.sent} bytes, with what stands between the two`);
});

test("a small answer that unpacks to a large one is not unpacked to its end", async () => {
  assert.ok(PACKED.length < 100_000);
  assert.match(await hears("packed"), /^No: too_large/);
  assert.match(await hears("good"), /^Got True/);
});
