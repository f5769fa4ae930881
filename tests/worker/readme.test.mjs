// The README's own lines: from an empty deployment to an account that answers.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { until } from "../../tools/run/until.mjs";
import { ADMIN_TOKEN, KEYS, ROOT, house, simulator } from "./house.mjs";

const x = await simulator();
const perch = await house({ x });
const env = {
  PATH: process.env.PATH,
  PERCH_URL: new URL(perch.url).origin,
  ADMIN_TOKEN,
  X_ACCOUNT_TOKEN: KEYS.ACCOUNT_TOKEN,
  X_ACCOUNT_TOKEN_SECRET: KEYS.ACCOUNT_TOKEN_SECRET,
};
const [ada] = (await x.state()).customers;

/** The words behind `npm run perch --` in the section's first block. */
function lines() {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const block = readme.split("## Connect\n")[1].split("```sh\n")[1].split("```")[0];
  const found = block.split("\n").map((line) => line.match(/^npm run perch -- ([^#]+)/)?.[1].trim().split(" "));
  return found.filter(Boolean);
}

async function run(args, onSaid) {
  const program = spawn(join(ROOT, "target", "debug", "perch"), args, { cwd: tmpdir(), env });
  let said = "";
  program.stdout.on("data", (text) => onSaid((said += text)));
  const [code] = await once(program, "exit");
  return { code, said };
}

test("three commands or fewer lead from an empty deployment to an account that answers", async () => {
  const commands = lines();
  assert.ok(commands.length > 0 && commands.length <= 3, JSON.stringify(commands));
  assert.deepEqual(commands.at(-1), ["doctor"]);
  let written = false;
  for (const command of commands) {
    const { code, said } = await run(command, (said) => {
      // The doctor waits for something to happen on X.
      if (written || !said.includes("write a Direct Message")) return;
      written = true;
      x.writes(ada.id, "Hello");
    });
    assert.equal(code, 0, said);
  }
  assert.ok(written, "the doctor has seen an event come from X");
  await until("an answer", async () => (await x.said(ada.id)).length > 0, { within: 20_000 });
});

test("the doctor names what is wrong, and what to do", async () => {
  await perch.admin("POST", "/api/accounts/switch", { on: false });
  const { code, said } = await run(["doctor", "--no-wait"], () => {});
  assert.equal(code, 1);
  assert.match(said, /The account is switched off\.\n.*perch accounts on/);
  const report = JSON.parse((await run(["doctor", "--json"], () => {})).said);
  assert.equal(report.ok, false);
  assert.equal(report.steps.filter(({ result }) => result === "failed").length, 1, JSON.stringify(report));
});
