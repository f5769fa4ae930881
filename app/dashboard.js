// What operators see: loaded when the dashboard opens, and again every few seconds while it is looked at.
import { tried } from "./acts.js";
import { get, post } from "./api.js";
import { change, state } from "./state.js";

const EVERY = 3000;
/** The tabs of the dashboard, and what each is made of. */
export const TABS = {
  overview: { name: "Overview", load: { health: "/api/health", metrics: "/api/metrics", costs: "/api/costs?days=30" } },
  accounts: { name: "Accounts", load: { accounts: "/api/accounts", health: "/api/health", costs: "/api/costs?days=1" } },
  events: { name: "Events", load: { events: "/api/events" } },
  webhooks: { name: "Webhooks", load: { webhooks: "/api/webhooks", subscriptions: "/api/subscriptions" } },
  letters: { name: "Dead letters", load: { letters: "/api/dead-letters" } },
};
/** X is asked for these: not again and again. */
const ONCE = new Set(["/api/webhooks", "/api/subscriptions"]);
let timer;

export function show(tab) {
  change({ tab });
  clearTimeout(timer);
  if (tab) look(tab, true);
}

async function look(tab, first) {
  if (first || document.visibilityState === "visible") {
    const wanted = Object.entries(TABS[tab].load).filter(([, path]) => first || !ONCE.has(path));
    await tried(() => Promise.all(wanted.map(async ([name, path]) => {
      const filter = name === "events" ? state().filter : "";
      const answer = await get(`${path}${filter}`);
      change(({ board }) => ({ board: { ...board, [name]: answer } }));
    })));
  }
  if (state().tab === tab) timer = setTimeout(look, EVERY, tab, false);
}

export const again = () => look(state().tab, true);

export function filterEvents(filter) {
  change({ filter: filter ? `?${filter}` : "" });
  clearTimeout(timer);
  again();
}

/** Does something, and looks again. */
export const operate = async (path, body) => {
  const done = await tried(() => post(path, body));
  clearTimeout(timer);
  if (done) await again();
  return done;
};
