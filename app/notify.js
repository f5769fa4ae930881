// Somebody is asked for while the page is not looked at: the browser tells, where it may.
import { idOf, keyOf } from "./state.js";
import { nameOf } from "./words.js";

/** Asked for when an agent becomes available: a browser asks people only after they did something. */
export function mayNotify() {
  if (globalThis.Notification?.permission === "default") Notification.requestPermission().catch(() => {});
}

/** `before` and `now` are the agent's own conversations. */
export function notify(before, now) {
  if (!before || document.visibilityState === "visible" || globalThis.Notification?.permission !== "granted") return;
  const was = new Set(before.filter((row) => row.status === "waiting").map((row) => keyOf(idOf(row))));
  for (const row of now) {
    if (row.status !== "waiting" || was.has(keyOf(idOf(row)))) continue;
    try {
      tell(row);
    } catch {
      // Chrome for Android leaves this to service workers: there the page alone tells.
    }
  }
}

function tell(row) {
  const told = new Notification(`${nameOf(row)} asks for you`, { body: row.note ?? "", tag: keyOf(idOf(row)) });
  told.onclick = () => {
    focus();
    location.hash = `#/${row.account_id}/${row.customer_id}`;
    told.close();
  };
}
