// Somebody to answer in the inbox: made at the first start, with a new password at each.
import { Failure } from "../run/failure.mjs";

const LOGIN = "ida";
const WITHIN_MS = 60_000;

/** The name and the password that it is opened with. */
export async function demoAgent(keys, { port }) {
  const made = await ask("add", { login: LOGIN, name: "Ida", role: "admin" });
  const agent = made.status === 409 ? await ask("change", { login: LOGIN, password: true }) : made;
  if (agent.ok) return { login: LOGIN, password: (await agent.json()).password };
  throw new Failure(`the demo agent was not made (HTTP ${agent.status})`, { output: [await agent.text()], mend: "npm start -- --reset --verbose" });

  function ask(what, body) {
    return fetch(`http://127.0.0.1:${port}/api/agents/${what}`, {
      method: "POST",
      headers: { authorization: `Bearer ${keys.ADMIN_TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(WITHIN_MS),
    });
  }
}
