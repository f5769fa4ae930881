// npm run setup: makes sure of everything that building, running and testing need; quick when it is all there.
import { endChildrenOnStop } from "./run/children.mjs";
import { main } from "./run/failure.mjs";
import { underNode22 } from "./setup/node22.mjs";
import { ensure, toTest } from "./setup/everything.mjs";

endChildrenOnStop();
await main(async () => {
  await underNode22(toTest());
  await ensure(toTest(), { loud: true });
  console.log("Everything is there: npm start, npm test");
});
