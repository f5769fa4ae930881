// Looks, before anything is started, whether the ports are free.
import { createConnection, createServer } from "node:net";
import { once } from "node:events";
import { Failure } from "../run/failure.mjs";

export async function mustBeFree(flag, port) {
  if (!(await answers(port)) && (await canListen(port))) return;
  throw new Failure(`port ${port} is taken by another program`, { mend: `npm start -- ${flag} ${port + 10}\nor end what listens there: lsof -i :${port}` });
}

/** Some systems let a second program listen on 127.0.0.1 while a first one has the port on all addresses. */
async function answers(port) {
  const socket = createConnection({ port, host: "127.0.0.1" });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function canListen(port) {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
