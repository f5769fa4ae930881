// One npm start per checkout: a second one would hand its ports and its database to the first.
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { join, relative } from "node:path";
import { Failure } from "../run/failure.mjs";
import { LOCAL, ROOT } from "../run/places.mjs";

/** Listens on a socket in the folder of local data: unlike a file with a process id, it cannot outlive the process. */
export async function onlyOne({ port }) {
  // Relative, because the path of a socket may have no more than about a hundred bytes.
  process.chdir(ROOT);
  const path = relative(ROOT, join(LOCAL, "running"));
  const other = await ask(path);
  if (other !== undefined) throw new Failure(`npm start runs already in this folder: ${other}`, { mend: "end it with Ctrl-C where it runs" });
  mkdirSync(LOCAL, { recursive: true });
  rmSync(path, { force: true });
  const server = createServer((socket) => socket.end(`process ${process.pid}, http://127.0.0.1:${port}/`));
  await once(server.listen(path), "listening");
  server.unref();
}

async function ask(path) {
  const socket = createConnection(path).setEncoding("utf8");
  let said = "";
  socket.on("data", (text) => (said += text));
  try {
    await once(socket, "end");
    return said;
  } catch {
    return undefined;
  }
}
