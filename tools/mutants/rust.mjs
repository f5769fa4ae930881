// The mutants of the code, by cargo-mutants: each file by the tests that are to notice a change in it.
import { start } from "../run/children.mjs";
import { environment, which } from "../run/environment.mjs";
import { Failure } from "../run/failure.mjs";
import { ROOT } from "../run/places.mjs";

const X_API = ["signature", "crc", "oauth1", "oauth2", "sign_in", "fault", "codes", "secret"];
const FLOWS = ["send", "outcome", "settle", "budget", "echo", "judge", "receive"];

/** What is proven beside the code is played in milliseconds, so that nothing but its compiling counts. Stories take longer: they end with the first that fails. */
const PARTS = [
  { files: [...X_API.map((name) => `src/x_api/${name}.rs`), ...["seal", "invite", "access", "standard_webhooks"].map((name) => `src/${name}.rs`)], tests: ["--lib"] },
  { files: [...FLOWS.map((name) => `src/flows/${name}.rs`), ...["mod", "dropped", "lists", "settled"].map((name) => `src/store/outbox/${name}.rs`)], tests: ["--lib", "--test=stories"], tool: "nextest" },
];

export async function rust({ of, list }) {
  for (const tool of ["cargo-mutants", "cargo-nextest"]) if (which(tool) === undefined) throw new Failure(`there is no ${tool}`, { mend: `cargo install ${tool} --locked` });
  let isWell = true;
  for (const { files, tests, tool } of PARTS) {
    const wanted = files.filter((file) => file.startsWith(of ?? ""));
    if (wanted.length === 0) continue;
    const args = ["mutants", ...wanted.flatMap((file) => ["--file", file]), ...tests.map((test) => `--cargo-arg=${test}`), ...(tool ? [`--test-tool=${tool}`] : []), ...(list ? ["--list"] : [])];
    const { ended } = start("cargo", args, { cwd: ROOT, env: environment(), onLine: (line) => console.log(line) });
    isWell = (await ended).code === 0 && isWell;
  }
  return isWell;
}
