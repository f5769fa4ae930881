// npm run fuzz: every parser of foreign bytes, fed by libFuzzer with what nobody would send.
import { build } from "./fuzz/build.mjs";
import { keep } from "./fuzz/corpus.mjs";
import { chosen, HELP, readOptions } from "./fuzz/options.mjs";
import { report } from "./fuzz/report.mjs";
import { play, run } from "./fuzz/run.mjs";
import { endChildrenOnStop } from "./run/children.mjs";
import { main } from "./run/failure.mjs";
import { ensure, toFuzz } from "./setup/everything.mjs";

endChildrenOnStop();
await main(async () => {
  const options = readOptions();
  if (options.help) return console.log(HELP);
  await ensure(toFuzz());
  const { program, targets } = await build();
  const wanted = chosen(targets, options);
  if (options.input) return await play(program, wanted[0], options.input);
  const results = [];
  for (const target of wanted) {
    results.push(await run(program, target, options));
    if (options.keep) await keep(program, target);
  }
  const { text, isWell } = report(results);
  console.log(text);
  return isWell ? 0 : 1;
});
