// Who is measured: each a program of its own on a port of its own, ready before anything is measured.
import { createRequire } from "node:module";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { start } from "../run/children.mjs";
import { environment } from "../run/environment.mjs";
import { Failure } from "../run/failure.mjs";
import { LOCAL, ROOT } from "../run/places.mjs";
import { until } from "../run/until.mjs";
import { freePort } from "../measure/house.mjs";
import { SECRET } from "./calls.mjs";
import { others } from "./others.mjs";

const RECEIVERS = join(ROOT, "benches", "receivers");
const WITHIN = { within: 30_000 };

/** In the order of the table: the floor first, then Perch, then what it is compared with. The same work: verified, and durable before the 200. */
export async function subjects({ quick }) {
  const all = [
    { name: "an empty Worker", run: (port) => workerd("empty", { "index.js": join(RECEIVERS, "empty.js") }, port) },
    { name: "Perch", isSame: true, run: (port) => workerd("perch", { "index.js": join(ROOT, "build", "index.js"), "index_bg.wasm": join(ROOT, "build", "index_bg.wasm") }, port) },
    { name: "a Worker written by hand", isSame: true, run: (port) => workerd("worker", { "index.js": join(RECEIVERS, "worker.js") }, port) },
    ...(quick ? [] : await others()),
  ];
  for (const subject of all) {
    const port = await freePort();
    const [command, args] = subject.run(port, SECRET);
    const said = [];
    const { pid, ended } = start(command, args, { env: environment(), onLine: (line) => said.length < 30 && said.push(line) });
    subject.url = `http://127.0.0.1:${port}/webhook`;
    subject.pid = pid;
    const died = ended.then(({ why }) => Promise.reject(new Failure(`${subject.name}: ${why}`, { output: said })));
    died.catch(() => {});
    await Promise.race([until(subject.name, async () => (await fetch(`${subject.url}?crc_token=ready`)).status > 0, WITHIN), died]);
  }
  return all;
}

/** workerd itself, without a proxy before it, and a queue that takes everything. */
function workerd(name, files, port) {
  const folder = join(LOCAL, "bench", name);
  mkdirSync(folder, { recursive: true });
  for (const [as, from] of Object.entries({ ...files, "queue.js": join(RECEIVERS, "queue.js") })) copyFileSync(from, join(folder, as));
  const modules = Object.keys(files).map((file) => `(name = "${file.endsWith(".wasm") ? "./" : ""}${file}", ${file.endsWith(".wasm") ? "wasm" : "esModule"} = embed "${file}")`);
  writeFileSync(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "queue", worker = .queue)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const main :Workerd.Worker = (
  modules = [${modules.join(", ")}], compatibilityDate = "2026-11-01",
  bindings = [(name = "X_CONSUMER_SECRET", text = "${SECRET}"), (name = "QUEUE", queue = "queue")]
);
const queue :Workerd.Worker = (modules = [(name = "queue.js", esModule = embed "queue.js")], compatibilityDate = "2026-11-01");
`,
  );
  return [workerdPath(), ["serve", join(folder, "config.capnp")]];
}

function workerdPath() {
  const miniflare = createRequire(createRequire(join(ROOT, "package.json")).resolve("wrangler/package.json"));
  const path = createRequire(miniflare.resolve("miniflare"))("workerd").default;
  if (!existsSync(path)) throw new Failure(`there is no workerd at ${path}`, { mend: "rm -rf node_modules && npm run setup" });
  return path;
}
