// The cron of npm start, against what stands in for the Worker: when it calls, what it does about a call that fails, and how it ends.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { ROOT } from "../../tools/run/places.mjs";
import { until } from "../../tools/run/until.mjs";
import { startCron } from "../../tools/start/cron.mjs";

const EVERY = 100;
const WITHIN = { within: 20_000 };
const well = (response) => response.end("ok");
const broken = (response) => response.writeHead(500).end("no such table: outbox");
const hangsUp = (response) => response.socket.destroy();
const silent = () => {};

/** What listens in place of the Worker: its calls, each answered by the next of these, and from then on by the last. */
async function worker(...answers) {
  const calls = [];
  const server = createServer((request, response) => {
    const call = { method: request.method, url: request.url, at: performance.now(), isOver: false };
    response.on("close", () => (call.isOver = true));
    calls.push(call);
    answers[Math.min(calls.length, answers.length) - 1](response);
  }).listen(0, "127.0.0.1");
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  return { port: server.address().port, calls, server };
}

/** A cron that ends with its test. */
function cron(t, options) {
  const end = startCron(options);
  t.after(end);
  return end;
}

/** What it prints meanwhile. */
function printed(t) {
  const { mock } = t.mock.method(console, "log", () => {});
  return () => mock.calls.map(({ arguments: [line] }) => line);
}

test("it calls the scheduled handler again and again, never before the period is over", async (t) => {
  const { port, calls } = await worker(well);
  const since = performance.now();
  cron(t, { port, every: EVERY });
  await until("five calls", () => calls.length >= 5, WITHIN);
  const early = calls.map(({ at }, place) => at - since - (place + 1) * EVERY).filter((ms) => ms < -5);
  assert.deepEqual(early, [], "so many milliseconds too early");
  for (const { method, url } of calls) {
    const { pathname, searchParams } = new URL(url, "http://worker");
    assert.deepEqual([method, pathname, searchParams.get("cron")], ["GET", "/cdn-cgi/local/scheduled", "* * * * *"]);
  }
});

test("it calls every minute where no period is given", (t) => {
  const { mock } = t.mock.method(globalThis, "setInterval");
  cron(t, { port: 9 });
  assert.deepEqual(mock.calls.map(({ arguments: [, every] }) => every), [60_000]);
});

test("it goes on after a call that is refused, cut off, or never answered", async (t) => {
  printed(t);
  const { port, calls } = await worker(broken, hangsUp, silent, well);
  cron(t, { port, every: EVERY });
  await until("calls after those that failed", () => calls.length >= 6, WITHIN);
  await until("the end of the call that was not answered", () => calls[2].isOver, WITHIN);
});

test("it goes on where nothing listens yet", async (t) => {
  const lines = printed(t);
  const { port, calls, server } = await worker(well);
  await new Promise((resolve) => server.close(resolve));
  cron(t, { port, every: EVERY });
  await until("a call that failed", () => lines().length > 0, WITHIN);
  server.listen(port, "127.0.0.1");
  await until("a call", () => calls.length > 0, WITHIN);
});

test("it tells of the first of several failures, and again once it was well between", async (t) => {
  const lines = printed(t);
  const { port } = await worker(broken, broken, hangsUp, well, well, broken, broken);
  // Its own work is done here by hand, each time to the end; the period is longer than the test.
  const { mock } = t.mock.method(globalThis, "setInterval");
  cron(t, { port, every: 3_600_000 });
  const [work] = mock.calls[0].arguments;
  const first = "[cron] the scheduled call failed: HTTP 500 no such table: outbox";
  const told = [];
  for (let call = 1; call <= 7; call++) {
    await work();
    told.push(lines().length);
  }
  assert.deepEqual(told, [1, 1, 1, 1, 1, 2, 2], "lines after each call");
  assert.deepEqual(lines(), [first, first]);
});

test("it ends when it is told: the call that is under way is cut off, none follows, and nothing is told of it", async (t) => {
  const lines = printed(t);
  const [{ port, calls }, other] = [await worker(silent), await worker(well)];
  const { mock } = t.mock.method(globalThis, "fetch");
  const asked = () => mock.calls.filter(({ arguments: [url] }) => url.includes(`:${port}/`)).length;
  // Long enough that nothing but the end cuts the call off.
  const every = 1_000;
  const end = cron(t, { port, every });
  await until("a call", () => calls.length > 0, WITHIN);
  end();
  await until("the end of the call", () => calls[0].isOver, WITHIN);
  assert.ok(performance.now() - calls[0].at < every, "before its own time was over");
  const before = asked();
  // Another one of the same period tells when the next calls would have come.
  cron(t, { port: other.port, every });
  await until("two periods more", () => other.calls.length >= 2, WITHIN);
  assert.equal(asked(), before);
  assert.deepEqual(lines(), []);
});

test("it keeps nobody from ending who has nothing else to do", async () => {
  const program = `import { startCron } from ${JSON.stringify(join(ROOT, "tools", "start", "cron.mjs"))}; startCron({ port: 9 });`;
  // Ended by force after this, which is an error.
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], { timeout: 30_000 });
});
