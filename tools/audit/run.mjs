// The questions, one after the other: each is well, is not, or has no answer.
import { cargoDeny } from "../setup/cargo-tool.mjs";
import { environment } from "../run/environment.mjs";
import { ROOT } from "../run/places.mjs";
import { start } from "../run/children.mjs";

const QUESTIONS = [
  { name: "licences, sources, versions", by: "deny.toml", command: () => [cargoDeny().path, ["--locked", "check", "bans", "licenses", "sources"]] },
  { name: "advisories on crates", by: "RustSec", command: () => [cargoDeny().path, ["--locked", "check", "advisories"]], silence: /failed to fetch advisory database|failed to load advisory database/ },
  { name: "advisories on packages", by: "npm", command: () => ["npm", ["audit", "--audit-level=high"]], silence: /audit endpoint returned an error|ENOTFOUND|ECONNREFUSED|EAI_AGAIN/ },
];

/** { name, by, state: "well" | "against" | "no answer", said } for each. */
export async function run() {
  const answers = [];
  for (const { name, by, command, silence } of QUESTIONS) {
    const [program, args] = command();
    const said = [];
    const { code } = await start(program, args, { cwd: ROOT, env: environment(), onLine: (line) => said.push(line) }).ended;
    const isSilent = code !== 0 && silence?.test(said.join("\n"));
    answers.push({ name, by, state: code === 0 ? "well" : isSilent ? "no answer" : "against", said });
  }
  return answers;
}
