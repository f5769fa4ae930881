// Where things are: the repository, the tools it installs, the folders for logs and local data.
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const MODULES = join(ROOT, "node_modules");
export const NODE_22 = join(MODULES, "node", "bin", "node");
export const WRANGLER = join(MODULES, "wrangler", "bin", "wrangler.js");
/** Everything that a local run writes, its database aside; ignored by git. A second run beside it has another. */
export const LOCAL = process.env.PERCH_LOCAL || join(ROOT, ".perch");
/** The local database, where wrangler looks for it by itself. */
export const STATE = process.env.PERCH_LOCAL ? join(LOCAL, "wrangler") : join(ROOT, ".wrangler");
export const LOGS = join(LOCAL, "logs");
/** Shared by all checkouts of one user, so that a second clone installs nothing again. */
export const CACHE = process.env.PERCH_CACHE || join(userCache(), "perch");

function userCache() {
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
  return process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
}
