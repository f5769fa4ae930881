// Connects the demo account: the one call that registers the webhook, subscribes, and may be repeated at will.
import { Failure } from "../run/failure.mjs";

const WITHIN_MS = 60_000;

export async function connect(keys, { port }) {
  const base = `http://127.0.0.1:${port}`;
  const body = { access_token: keys.ACCOUNT_TOKEN, access_token_secret: keys.ACCOUNT_TOKEN_SECRET, webhook_url: `${base}/webhook` };
  const response = await fetch(`${base}/api/accounts/connect`, {
    method: "POST",
    headers: { authorization: `Bearer ${keys.ADMIN_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(WITHIN_MS),
  });
  const text = await response.text();
  if (response.ok && isDone(text)) return;
  throw new Failure(`the demo account was not connected (HTTP ${response.status})`, {
    output: text.split("\n").slice(0, 30),
    mend: "npm start -- --reset --verbose",
  });
}

/** Every step of the answer says `done`, `kept` or `failed`; anything but an answer with steps is no success. */
function isDone(text) {
  try {
    return !JSON.stringify(JSON.parse(text).steps).includes('"failed"');
  } catch {
    return false;
  }
}
