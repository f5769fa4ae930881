// The npm packages that package-lock.json names: wrangler, esbuild, binaryen, Node 22, playwright-core.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { environment } from "../run/environment.mjs";
import { MODULES, NODE_22, ROOT, WRANGLER } from "../run/places.mjs";

const STAMP = join(MODULES, ".perch-installed");

export const packages = {
  name: "npm packages",
  about: "about 20 seconds",
  missing() {
    const there = [STAMP, NODE_22, WRANGLER].every(existsSync) && readFileSync(STAMP, "utf8") === wanted();
    return there ? undefined : "npm packages";
  },
  async make(progress) {
    const lock = wanted();
    const env = environment();
    // npm replaces the folder, so the Node within it must not be the one that runs npm.
    env.PATH = env.PATH.split(delimiter).filter((folder) => !folder.startsWith(MODULES)).join(delimiter);
    await progress.run("npm", ["ci"], { cwd: ROOT, env, log: "npm", mend: "npm ci" });
    writeFileSync(STAMP, lock);
  },
};

function wanted() {
  const lock = readFileSync(join(ROOT, "package-lock.json"));
  return `${createHash("sha256").update(lock).digest("hex")} ${process.platform} ${process.arch}\n`;
}
