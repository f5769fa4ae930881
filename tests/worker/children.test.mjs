// What a command of ours starts ends with it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { until } from "../../tools/run/until.mjs";

const STEP_AFTER_STEP = `
  import { endChildrenOnStop, start } from "${new URL("../../tools/run/children.mjs", import.meta.url)}";
  endChildrenOnStop();
  for (;;) {
    const { pid, ended } = start("sleep", ["60"]);
    console.log(pid);
    await ended;
  }
`;

for (const signal of ["SIGINT", "SIGTERM"]) {
  test(`${signal} ends the step that runs, and the next one is not begun`, async () => {
    const program = spawn(process.execPath, ["--input-type=module", "-e", STEP_AFTER_STEP], { stdio: ["ignore", "pipe", "inherit"] });
    const steps = [];
    program.stdout.setEncoding("utf8").on("data", (said) => steps.push(...said.split("\n").filter(Number).map(Number)));
    await until("the first step", () => steps.length > 0, { within: 10_000 });
    program.kill(signal);
    await once(program, "close");
    const lives = (pid) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    const left = steps.filter(lives);
    left.forEach((pid) => process.kill(pid));
    assert.deepEqual(left, [], "what it left behind");
  });
}
