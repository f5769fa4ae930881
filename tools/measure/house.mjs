// What is measured: the built Worker in workerd beside a simulated X, on free ports, with a database of their own.
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { start } from "../run/children.mjs";
import { environment, quietWrangler } from "../run/environment.mjs";
import { Failure } from "../run/failure.mjs";
import { LOCAL, LOGS, ROOT } from "../run/places.mjs";
import { Progress } from "../run/progress.mjs";
import { until } from "../run/until.mjs";
import { simulatorVariables } from "../start/keys.mjs";

const WITHIN = { within: 30_000 };
// The simulated X must not be what is measured: it is built as the schedules are.
const PROFILE = "simulate";
const SIMULATOR = join(ROOT, "target", PROFILE, "simulator");

export const KEYS = {
  X_CONSUMER_KEY: "a-consumer-key",
  X_CONSUMER_SECRET: "a-consumer-secret",
  X_CLIENT_ID: "a-client-id",
  X_CLIENT_SECRET: "a-client-secret",
  X_ACCESS_TOKEN: "owner-token",
  X_ACCESS_TOKEN_SECRET: "owner-token-secret",
  ACCOUNT_TOKEN: "account-token",
  ACCOUNT_TOKEN_SECRET: "account-token-secret",
  ADMIN_TOKEN: "an-admin-token-of-32-characters!",
  TOKEN_KEY: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
};

/** A script that repeats what it was told: so each answer says which message it is for. */
export const ECHO = { version: 1, name: "echo", start: "say", fallback: "say", merge: false, nodes: { say: { say: "{{ text }}", options: [{ label: "More", go: "say" }] } } };

export async function buildSimulator() {
  const progress = new Progress("simulator", "two minutes the first time");
  const args = ["build", "--profile", PROFILE, "--package", "perch-simulator", "--bin", "simulator"];
  const env = environment({ CARGO_TARGET_DIR: join(ROOT, "target") });
  await progress.run("cargo", args, { cwd: ROOT, env, log: "simulator-build", mend: `correct what the compiler names above, or try: cargo ${args.join(" ")}` });
  progress.done();
}

/** The simulated X; its process ends with this one. */
export async function simulator() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const said = [];
  const { pid, ended } = start(SIMULATOR, ["--port", String(port)], { env: environment(simulatorVariables(KEYS)), onLine: (line) => said.length < 30 && said.push(line) });
  await Promise.race([until("the simulator", async () => (await fetch(`${url}/healthz`)).ok, WITHIN), ended.then(({ why }) => Promise.reject(new Failure(`the simulator: ${why}`, { output: said })))]);
  const ask = async (path, body) => {
    const response = await fetch(url + path, body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    if (!response.ok) throw new Failure(`${path}: HTTP ${response.status} ${await response.text()}`);
    return response.json();
  };
  return { url, pid, ask };
}

/** The Worker with its tables, connected to X, with this script. */
export async function house({ x, script, config = "wrangler.toml", vars = {} }) {
  Object.assign(process.env, quietWrangler(), { WRANGLER_LOG: "error", WRANGLER_LOG_PATH: join(LOGS, "wrangler"), WRANGLER_REGISTRY_PATH: join(LOCAL, "measure-registry") });
  const { createTestHarness } = await import("wrangler");
  const { ACCOUNT_TOKEN, ACCOUNT_TOKEN_SECRET, ...secrets } = KEYS;
  const bases = { X_API_BASE: x.url, X_UPLOAD_BASE: x.url, X_MEDIA_HOSTS: "", ...vars };
  const server = createTestHarness({ root: ROOT, workers: [{ configPath: config, secrets, vars: bases }] });
  const { url } = await server.listen();
  const worker = server.getWorker();
  await worker.applyD1Migrations("DB");
  const env = await worker.getEnv();
  const admin = async (path, body) => {
    const response = await fetch(new URL(path, url), { method: "POST", headers: { authorization: `Bearer ${KEYS.ADMIN_TOKEN}` }, body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok || text.includes('"failed"')) throw new Failure(`${path}: HTTP ${response.status}`, { output: text.split("\n").slice(0, 30) });
    return JSON.parse(text);
  };
  await admin("/api/accounts/connect", { access_token: ACCOUNT_TOKEN, access_token_secret: ACCOUNT_TOKEN_SECRET, webhook_url: new URL("/webhook", url).href });
  if (script) await admin("/api/scripts/apply", { script });
  const rows = async (sql, ...params) => (await env.DB.prepare(sql).bind(...params).all()).results;
  return { server, worker, url, env, admin, rows, close: () => server.close() };
}

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
