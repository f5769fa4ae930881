// What a log-in takes: stretching a password is more CPU than anything that an answered message needs.
import { Failure } from "../run/failure.mjs";
import { workerdCpuMs } from "../measure/cpu.mjs";

// Fewer than an address may try in a minute.
const TIMES = 20;

/** CPU of one log-in beside that of the page that asks for the password; nothing where the system does not tell. */
export async function logInCpuMs(perch) {
  if (workerdCpuMs() === undefined) return undefined;
  const login = "cost";
  const { password } = await perch.admin("/api/agents/add", { login, name: "Cost" });
  const origin = new URL(perch.url).origin;
  const page = async () => (await fetch(new URL("/log-in", perch.url))).text();
  const logIn = async () => {
    const response = await fetch(new URL("/log-in", perch.url), { method: "POST", redirect: "manual", headers: { origin }, body: new URLSearchParams({ login, password }) });
    if (!response.headers.get("set-cookie")) throw new Failure(`/log-in: HTTP ${response.status}`, { output: (await response.text()).split("\n").slice(0, 10) });
  };
  const spent = async (call) => {
    await call();
    const before = workerdCpuMs();
    for (let time = 0; time < TIMES; time += 1) await call();
    return (workerdCpuMs() - before) / TIMES;
  };
  return (await spent(logIn)) - (await spent(page));
}
