// The real Worker in workerd, beside a simulated X: started for a test file, ended after it.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { promisify } from "node:util";
import { createTestHarness } from "wrangler";
import { until } from "../../tools/run/until.mjs";

export const ROOT = join(import.meta.dirname, "..", "..");
export const ADMIN_TOKEN = "an-admin-token-of-32-characters!";
export const CONSUMER_SECRET = "a-consumer-secret";
const WITHIN = { within: 20_000 };
const NOWHERE = "http://127.0.0.1:9";

export const KEYS = {
  CONSUMER_KEY: "a-consumer-key",
  CONSUMER_SECRET,
  CLIENT_ID: "a-client-id",
  CLIENT_SECRET: "a-client-secret",
  OWNER_TOKEN: "owner-token",
  OWNER_TOKEN_SECRET: "owner-token-secret",
  ACCOUNT_TOKEN: "account-token",
  ACCOUNT_TOKEN_SECRET: "account-token-secret",
};

export const SECRETS = {
  X_CONSUMER_KEY: KEYS.CONSUMER_KEY,
  X_CONSUMER_SECRET: CONSUMER_SECRET,
  X_CLIENT_SECRET: KEYS.CLIENT_SECRET,
  X_ACCESS_TOKEN: KEYS.OWNER_TOKEN,
  X_ACCESS_TOKEN_SECRET: KEYS.OWNER_TOKEN_SECRET,
  ADMIN_TOKEN,
  TOKEN_KEY: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
};

/** A simulated X on a free port; ends with the test file. */
export async function simulator() {
  const port = await freePort();
  const env = { PATH: process.env.PATH, ...Object.fromEntries(Object.entries(KEYS).map(([name, value]) => [`SIM_${name}`, value])) };
  const program = spawn(join(ROOT, "target", "debug", "simulator"), ["--port", String(port)], { env, stdio: ["ignore", "pipe", "pipe"] });
  const said = [];
  for (const stream of [program.stdout, program.stderr]) stream.on("data", (text) => said.push(String(text)));
  // A test file that fails before its first test runs no hook.
  process.once("exit", () => program.kill());
  after(async () => {
    if (program.exitCode !== null) return;
    program.kill();
    await once(program, "exit");
  });
  const url = `http://127.0.0.1:${port}`;
  await until(`the simulator; it said: ${said.join("")}`, async () => (await fetch(`${url}/healthz`)).ok, WITHIN);
  return { url, ...phone(url) };
}

/** The Workers of `workers` (by default the one) in one workerd, with their tables; and `beside` them what is no Perch. */
export async function house({ x, workers = [{}], beside = [], config = "wrangler.toml", vars = {} }) {
  const all = workers.map(({ env, secrets = SECRETS, ...rest }) => ({
    configPath: config,
    env,
    secrets,
    // Nothing that stands here by default leads off this computer.
    vars: { X_API_BASE: x?.url ?? NOWHERE, X_UPLOAD_BASE: x?.url ?? NOWHERE, X_MEDIA_HOSTS: `ton.twitter.com=${x?.url ?? NOWHERE}`, ...vars },
    ...rest,
  }));
  const server = createTestHarness({ root: ROOT, workers: [...all, ...beside] });
  after(() => server.close());
  const { url } = await server.listen();
  const first = server.getWorker();
  await first.applyD1Migrations("DB");
  const env = await first.getEnv();
  // Asked for anew each time: a Worker that is replaced has other bindings.
  const rows = async (sql, ...params) => (await (await first.getEnv()).DB.prepare(sql).bind(...params).all()).results;
  return { server, worker: first, url, env, rows, ...doors(first, url, rows) };
}

export function sign(body, secret = CONSUMER_SECRET) {
  return `sha256=${createHmac("sha256", secret).update(body).digest("base64")}`;
}

/** A delivery with one message, as X writes it. */
export function message(id, { from = "3001", to = "2001", text = "hi", at = Date.now() } = {}) {
  return JSON.stringify({
    for_user_id: to,
    direct_message_events: [
      { type: "message_create", id, created_timestamp: String(at), message_create: { target: { recipient_id: to }, sender_id: from, message_data: { text } } },
    ],
  });
}

function doors(worker, url, rows) {
  const deliver = (body, signature = sign(body)) => worker.fetch("/webhook", { method: "POST", body, headers: signature ? { "x-twitter-webhooks-signature": signature } : {} });
  const admin = (method, path, body) =>
    worker.fetch(path, { method, headers: { authorization: `Bearer ${ADMIN_TOKEN}` }, body: body && JSON.stringify(body) });
  /** The command line, against this Worker: its exit code and words. Settings of this folder are not its own. */
  async function cli(...args) {
    const env = { PATH: process.env.PATH, PERCH_URL: new URL(url).origin, ADMIN_TOKEN };
    const run = promisify(execFile)(join(ROOT, "target", "debug", "perch"), args, { cwd: tmpdir(), env });
    return run.then((said) => ({ code: 0, ...said }), ({ code, stdout, stderr }) => ({ code, stdout, stderr }));
  }
  return {
    deliver,
    admin,
    async connect(webhook = new URL("/webhook", url).href) {
      const response = await admin("POST", "/api/accounts/connect", {
        access_token: KEYS.ACCOUNT_TOKEN,
        access_token_secret: KEYS.ACCOUNT_TOKEN_SECRET,
        webhook_url: webhook,
      });
      return response.json();
    },
    cli,
    /** What the command line says, where all is well. */
    async told(...args) {
      const { code, stdout, stderr } = await cli(...args);
      assert.equal(code, 0, `${stdout}${stderr}`);
      return stdout;
    },
    /** Waits until the query gives something. */
    eventually: (what, sql, ...params) => until(what, async () => (await rows(sql, ...params))[0], WITHIN),
  };
}

/** What the phone does, without a browser. */
export function phone(url) {
  const state = async (customer = "") => (await fetch(`${url}/sim/state?customer=${customer}`)).json();
  return {
    state,
    async writes(customer, text) {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${url}/sim/customers/${customer}/messages`, { method: "POST", headers, body: JSON.stringify({ text }) });
      assert.equal(response.status, 200, await response.text());
    },
    /** X delivers at once what it would deliver again later, and once more what it has given up. */
    async hurries() {
      for (const act of ["hurry", "replay"]) {
        const response = await fetch(`${url}/sim/${act}`, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
        assert.equal(response.status, 200, await response.text());
      }
    },
    /** What the account has said to the customer, oldest first. */
    async said(customer) {
      const { messages } = await state(customer);
      return messages.filter(({ direction }) => direction === "in").map(({ text }) => text);
    },
  };
}

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
