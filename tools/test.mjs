// npm test: the form of the code, then the rings of tests, from a fresh clone to one line of counts.
import { endChildrenOnStop } from "./run/children.mjs";
import { main } from "./run/failure.mjs";
import { ensure, toTest } from "./setup/everything.mjs";
import { underNode22 } from "./setup/node22.mjs";
import { HELP, readOptions } from "./test/options.mjs";
import { form, proof, stories, vectors, worker } from "./test/rings.mjs";
import { summary } from "./test/summary.mjs";

endChildrenOnStop();
await main(async () => {
  const options = readOptions();
  if (options.help) return console.log(HELP);
  await underNode22(toTest());
  await ensure(toTest());
  const rings = [];
  if (options.all) rings.push(await form());
  if (options.wants("vectors")) rings.push(await vectors());
  if (options.wants("stories")) rings.push(await stories(options.long));
  if (options.wants("worker")) rings.push(await worker());
  if (options.wants("proof")) rings.push(await proof(options.long));
  console.log(summary(rings));
  return rings.some((ring) => ring.failed > 0) ? 1 : 0;
});
