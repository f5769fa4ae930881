// Keys that are wrong in the ways that keys are: the doctor of the real command line names the one that is meant, and what to do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SECRETS, house, simulator } from "./house.mjs";

const x = await simulator();
const without = (name) => Object.fromEntries(Object.entries(SECRETS).filter(([known]) => known !== name));

/** The secrets, and what is said of them. */
const BROKEN = {
  "a consumer secret that lost its end": [{ ...SECRETS, X_CONSUMER_SECRET: SECRETS.X_CONSUMER_SECRET.slice(0, -3) }, /✗ X takes the app's keys.*\n.*\n.*X_CONSUMER_SECRET has 14 characters; X's have 40 at least: it looks cut off/],
  "key and secret in each other's place": [{ ...SECRETS, X_CONSUMER_KEY: SECRETS.X_CONSUMER_SECRET, X_CONSUMER_SECRET: SECRETS.X_CONSUMER_KEY }, /✗ X takes the app's keys.*\n.*\n.*X_CONSUMER_KEY is longer than X_CONSUMER_SECRET: they look swapped/],
  "no consumer key": [without("X_CONSUMER_KEY"), /✗ settings\n +Not set: X_CONSUMER_KEY\.\n +Set each with: npx wrangler secret put NAME/],
  "no consumer secret": [without("X_CONSUMER_SECRET"), /✗ settings\n +Not set: X_CONSUMER_SECRET\.\n +Set each/],
  "no TOKEN_KEY": [without("TOKEN_KEY"), /✗ settings\n +Not set: TOKEN_KEY\.\n +Set each/],
  "a TOKEN_KEY that is no key": [{ ...SECRETS, TOKEN_KEY: "short" }, /✗ settings\n +TOKEN_KEY is not 32 bytes in base64\.\n +Make one with: openssl/],
  "an ADMIN_TOKEN that is too short": [{ ...SECRETS, ADMIN_TOKEN: "short" }, /✗ the deployment answers, and takes ADMIN_TOKEN\n.*closed\.\n.*32 characters/],
};

for (const [what, [secrets, named]] of Object.entries(BROKEN)) {
  test(what, async () => {
    const perch = await house({ x, workers: [{ secrets }] });
    const { code, stdout } = await perch.cli("doctor", "--no-wait");
    assert.equal(code, 1, stdout);
    assert.match(stdout, named);
    await perch.server.close();
  });
}

test("keys that are as they should be", async () => {
  const perch = await house({ x });
  assert.equal((await perch.connect()).ok, true);
  const { code, stdout } = await perch.cli("doctor", "--no-wait");
  assert.equal(code, 0, stdout);
  assert.match(stdout, /All is well\./);
});
