// Wrangler with the user's own credentials: its words are shown as they come, and kept for the caller.
import { spawn } from "node:child_process";
import { environment } from "../run/environment.mjs";
import { ROOT, WRANGLER } from "../run/places.mjs";

export function wrangler(args) {
  console.log(`$ wrangler ${args.join(" ")}`);
  const env = environment({ real: true, WRANGLER_SEND_METRICS: "false" });
  // It keeps the terminal's input, so that it can ask, and stays in this process group, so that Ctrl-C reaches it.
  const child = spawn(process.execPath, [WRANGLER, ...args], { cwd: ROOT, env, stdio: ["inherit", "pipe", "pipe"] });
  let said = "";
  for (const [stream, screen] of [[child.stdout, process.stdout], [child.stderr, process.stderr]]) {
    stream.setEncoding("utf8").on("data", (text) => {
      said += text;
      screen.write(text);
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, said }));
  });
}
