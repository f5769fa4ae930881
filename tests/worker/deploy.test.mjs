// npm run deploy with the real wrangler, against what stands in for Cloudflare's API on this computer: an account that has nothing yet.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { ROOT } from "./house.mjs";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const DATABASE = { uuid: "11111111-1111-4111-8111-111111111111", name: "perch", version: "production", created_at: "2026-01-01T00:00:00Z" };

/** What the account has, and what it was asked, in order. */
const has = { databases: [], queues: [], migrations: [], workers: {} };
const asked = [];

/** See [Cloudflare API](https://developers.cloudflare.com/api/): the routes that a deploy takes. */
const ROUTES = [
  [/^GET .*\/d1\/database\/perch$/, () => has.databases[0] ?? refusal(404, 7404, "The database perch could not be found")],
  [/^GET .*\/d1\/database$/, () => has.databases],
  [/^POST .*\/d1\/database$/, () => (has.databases.push(DATABASE), DATABASE)],
  [/^GET .*\/d1\/database\/[^/]+$/, () => DATABASE],
  [/^POST .*\/d1\/database\/[^/]+\/query$/, (body) => [query(body)]],
  [/^GET .*\/queues$/, (_, names) => has.queues.filter(({ queue_name: name }) => names.length === 0 || names.includes(name))],
  [/^POST .*\/queues$/, ({ queue_name }) => (has.queues.push({ queue_id: queue_name, queue_name, producers: [], consumers: [] }), has.queues.at(-1))],
  [/^(POST|PUT) .*\/queues\/[^/]+\/consumers/, () => ({})],
  [/^GET .*\/workers\/services\/perch$/, () => there({ default_environment: { environment: "production", script: { tag: "t", last_deployed_from: "wrangler" } } }, 10090)],
  [/^GET .*\/services\/perch\/environments\/production$/, () => ({ script: { tags: [] } })],
  [/^GET .*\/workers\/workers\/perch$/, () => ({ id: "perch", name: "perch", subdomain: { enabled: true, previews_enabled: false } })],
  [/^GET .*\/scripts\/perch\/settings$/, () => there({ bindings: [{ name: "DB", type: "d1", id: DATABASE.uuid }, { name: "QUEUE", type: "queue", queue_name: "perch" }] }, 10007)],
  [/^POST .*\/scripts\/perch\/versions$/, () => ({ id: "v2", startup_time_ms: 1, resources: { script: { etag: "e" }, script_runtime: {}, bindings: [] }, metadata: {} })],
  [/^GET .*\/scripts\/perch\/deployments$/, () => ({ deployments: [] })],
  [/^GET .*\/workers\/subdomain$/, () => ({ subdomain: "brand" })],
  [/^POST .*\/assets-upload-session$/, () => ({ jwt: "a.b.c", buckets: [] })],
  [/^(POST|PUT) .*\/scripts\/perch$/, (body, _, type) => ((has.workers.perch = { body, type }), { id: "perch", etag: "e", startup_time_ms: 1, deployment_id: "d" })],
  [/^(GET|POST) .*\/scripts\/perch\/subdomain$/, () => ({ enabled: true, previews_enabled: false })],
  [/^PUT .*\/scripts\/perch\/schedules$/, (crons) => ({ schedules: (has.crons = crons) })],
];

const refusal = (status, code, message) => ({ refused: status, errors: [{ code, message }] });

const there = (worker, code) => (has.workers.perch ? worker : refusal(404, code, "This Worker does not exist on your account."));

/** The table of migrations that were applied is all that is remembered. */
function query({ sql }) {
  const named = sql.match(/INSERT INTO \S*d1_migrations\S*[^']*'([^']+)'/)?.[1];
  if (named) has.migrations.push(named);
  const rows = /SELECT[^;]*d1_migrations/i.test(sql) ? has.migrations.map((name, place) => ({ id: place + 1, name, applied_at: "2026-01-01 00:00:00" })) : [];
  return { results: rows, success: true, meta: { duration: 1, changes: 0, last_row_id: 0, rows_read: 0, rows_written: 0 } };
}

const cloudflare = createServer(async (request, response) => {
  const url = new URL(request.url, "http://cloudflare");
  const place = `${request.method} ${url.pathname.replace("/client/v4", "")}`;
  asked.push(place);
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const type = request.headers["content-type"] ?? "";
  const text = Buffer.concat(pieces).toString("latin1");
  const answer = ROUTES.find(([route]) => route.test(place))?.[1] ?? (() => (request.method === "GET" ? [] : {}));
  const result = answer(/^[{[]/.test(text) ? JSON.parse(text) : text, url.searchParams.getAll("name"), type);
  const isGood = result.refused === undefined;
  response.writeHead(isGood ? 200 : result.refused, { "content-type": "application/json" });
  response.end(JSON.stringify({ success: isGood, errors: result.errors ?? [], messages: [], result: isGood ? result : null, result_info: { page: 1, per_page: 100, count: 1, total_count: 1 } }));
}).listen(0, "127.0.0.1");
await once(cloudflare, "listening");
after(() => cloudflare.close());

async function deploy() {
  const env = {
    ...process.env,
    CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${cloudflare.address().port}/client/v4`,
    CLOUDFLARE_API_TOKEN: "a-token",
    CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
  };
  const program = spawn(process.execPath, [join(ROOT, "tools", "deploy.mjs")], { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [program.stdout, program.stderr]) stream.on("data", (text) => (said += text));
  const [code] = await once(program, "exit");
  return { code, said };
}

test("an account that has nothing gets the database with its tables, both queues, and then the Worker", async () => {
  const { code, said } = await deploy();
  assert.equal(code, 0, `${said}\n${asked.join("\n")}`);
  assert.deepEqual(has.databases, [DATABASE]);
  assert.deepEqual(has.migrations, readdirSync(join(ROOT, "migrations")).sort(), "every table, in order");
  assert.deepEqual(has.queues.map(({ queue_name: name }) => name).sort(), ["perch", "perch-dead"]);
  const first = (what) => asked.findIndex((place) => what.test(place));
  assert.ok(first(/POST .*\/query$/) < first(/scripts\/perch$/), "tables first");
  assert.match(has.workers.perch.type, /multipart/);
  assert.match(has.workers.perch.body, /"QUEUE"/);
  assert.deepEqual(has.crons, [{ cron: "* * * * *" }]);
  assert.match(said, /https:\/\/perch\.brand\.workers\.dev/);
});

test("a second deploy makes nothing anew", async () => {
  asked.length = 0;
  const { code, said } = await deploy();
  assert.equal(code, 0, `${said}\n${asked.join("\n")}`);
  assert.deepEqual(asked.filter((place) => /^POST .*\/(queues|d1\/database)$/.test(place)), []);
  assert.equal(has.migrations.length, readdirSync(join(ROOT, "migrations")).length);
});
