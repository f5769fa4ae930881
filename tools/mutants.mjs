// npm run mutants: whether a test fails when the code, or a statement of the store, is changed in one place.
import { HELP, readOptions } from "./mutants/options.mjs";
import { rust } from "./mutants/rust.mjs";
import { sql } from "./mutants/sql.mjs";
import { endChildrenOnStop } from "./run/children.mjs";
import { main } from "./run/failure.mjs";

endChildrenOnStop();
await main(async () => {
  const options = readOptions();
  if (options.help) return console.log(HELP);
  const halves = [sql, rust].filter((half) => options.only === undefined || options.only === half.name);
  let isWell = true;
  for (const half of halves) isWell = (await half(options)) && isWell;
  return isWell ? 0 : 1;
});
