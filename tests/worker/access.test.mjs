// Cloudflare Access in front of the real Worker: its token is looked at by the runtime's own WebCrypto.
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { chromium } from "playwright-core";
import { house } from "./house.mjs";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const team = createServer((request, response) => {
  assert.equal(request.url, "/cdn-cgi/access/certs");
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k1", alg: "RS256", use: "sig" }] }));
}).listen(0, "127.0.0.1");
after(() => team.close());
await once(team, "listening");
const issuer = `http://127.0.0.1:${team.address().port}`;
const perch = await house({ vars: { ACCESS_TEAM: issuer, ACCESS_AUD: "tag" } });
assert.equal((await perch.admin("POST", "/api/agents/add", { login: "ida@furni.example", name: "Ida" })).status, 200);

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
function token(email, key = privateKey) {
  const now = Math.floor(Date.now() / 1000);
  const signed = `${part({ alg: "RS256", kid: "k1", typ: "JWT" })}.${part({ aud: ["tag"], iss: issuer, iat: now, nbf: now, exp: now + 600, email })}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
}

test("whoever comes through Access finds the inbox open", async () => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: ["--no-sandbox", "--disable-gpu"] });
  after(() => browser.close());
  const context = await browser.newContext({ extraHTTPHeaders: { "cf-access-jwt-assertion": token("ida@furni.example") } });
  const page = await context.newPage();
  await page.goto(new URL("/app/", perch.url).href);
  await page.getByText("live", { exact: true }).waitFor({ timeout: 20_000 });
  await page.getByText("Ida", { exact: true }).waitFor();
});

test("a token that somebody else has signed opens nothing", async () => {
  const { privateKey: forger } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  for (const wrong of [token("ida@furni.example", forger), `${token("ida@furni.example")}AA`]) {
    const answer = await perch.worker.fetch("/log-in", { headers: { "cf-access-jwt-assertion": wrong } });
    assert.deepEqual([answer.status, answer.headers.get("set-cookie")], [403, null]);
  }
});
