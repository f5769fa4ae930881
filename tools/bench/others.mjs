// Receivers from the registries, each installed where only this needs it.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { environment, which } from "../run/environment.mjs";
import { LOCAL, ROOT } from "../run/places.mjs";
import { Progress } from "../run/progress.mjs";

const RECEIVERS = join(ROOT, "benches", "receivers");
const VENV = join(LOCAL, "bench", "venv");
const PYTHON = join(VENV, "bin", "python");

export async function others() {
  const node = (file) => (port, secret) => [process.execPath, [join(RECEIVERS, file), String(port), secret]];
  await install("receivers of npm", join(RECEIVERS, "node_modules", "twitter-webhooks"), [["npm", ["ci", "--prefix", RECEIVERS]]]);
  return [
    { name: "twitter-autohook 1.7.2 (Node)", run: node("autohook.mjs") },
    { name: "twitter-webhooks 0.3.3 (Node)", run: node("twitter-webhooks.mjs") },
    ...(await python()),
  ];
}

async function python() {
  if (which("python3") === undefined) {
    console.log("There is no python3 here: twitivity is left out.");
    return [];
  }
  const pip = [PYTHON, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", join(RECEIVERS, "requirements.txt")]];
  await install("receivers of PyPI", join(VENV, "bin", "flask"), [["python3", ["-m", "venv", VENV]], pip]);
  return [{ name: "twitivity 0.3.5 (Flask)", run: (port, secret) => [PYTHON, [join(RECEIVERS, "twitivity.py"), String(port), secret]] }];
}

async function install(label, sign, steps) {
  if (existsSync(sign)) return;
  const progress = new Progress(label);
  for (const [command, args] of steps) {
    await progress.run(command, args, { cwd: RECEIVERS, env: environment(), log: "receivers", mend: "npm run bench -- --quick measures the Workers alone" });
  }
  progress.done();
}
