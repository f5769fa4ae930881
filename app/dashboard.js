// What operators see: loaded when the dashboard opens, and again every few seconds while it is looked at.
import { toldOf, tried } from "./acts.js";
import { get, post } from "./api.js";
import { change, state } from "./state.js";

const EVERY = 3000;
/** The tabs of the dashboard, and what each is made of; `{account}` is the one that is chosen, `{version}` that of its script. */
export const TABS = {
  overview: { name: "Overview", load: { health: "/api/health", metrics: "/api/metrics", costs: "/api/costs?days=30" } },
  accounts: { name: "Accounts", load: { accounts: "/api/accounts", health: "/api/health", costs: "/api/costs?days=1" } },
  scripts: { name: "Scripts", load: { accounts: "/api/accounts", scripts: "/api/scripts?account={account}", flow: "/api/scripts/flow?account={account}{version}" } },
  people: { name: "People", load: { accounts: "/api/accounts", agents: "/api/agents", handoff: "/api/accounts/handoff?account={account}" } },
  events: { name: "Events", load: { events: "/api/events", me: "/api/me" } },
  webhooks: { name: "Webhooks", load: { accounts: "/api/accounts", webhooks: "/api/webhooks", subscriptions: "/api/subscriptions" } },
  letters: { name: "Dead letters", load: { letters: "/api/dead-letters" } },
};
/** X is asked for some of these, and the others change rarely: not again and again. */
const ONCE = new Set(["/api/webhooks", "/api/subscriptions", "/api/me"]);
let timer;
/** How many looks have begun: the latest alone shows what it finds, and goes on. */
let looks = 0;
/** What a look has told of: the next one takes it back, and nothing else that is told. */
let told;

export function show(tab) {
  change({ tab });
  clearTimeout(timer);
  if (tab) look(tab, true);
}

async function look(tab, first) {
  clearTimeout(timer);
  const number = ++looks;
  const isLatest = () => number === looks && state().tab === tab;
  if (first || document.visibilityState === "visible") {
    const wanted = Object.entries(TABS[tab].load).filter(([, path]) => first || !ONCE.has(path));
    const load = async ([name, path]) => {
      const answer = await whole(name, `${chosen(path)}${state().filters[name] ?? ""}`);
      if (isLatest()) change(({ board }) => ({ board: { ...board, [name]: answer } }));
    };
    const isOfAccount = ([, path]) => path.includes("{account}");
    const all = async () => {
      await Promise.all(wanted.filter((one) => !isOfAccount(one)).map(load));
      const { account = state().board.accounts?.accounts[0]?.id } = state().board;
      change(({ board }) => ({ board: { ...board, account } }));
      if (account && isLatest()) await Promise.all(wanted.filter(isOfAccount).map(load));
    };
    const trouble = await all().then(() => undefined, toldOf);
    if (isLatest() && (!state().trouble || state().trouble === told)) change({ trouble: (told = trouble) });
  }
  if (isLatest()) timer = setTimeout(look, EVERY, tab, false);
}

/** Of accounts every page; of other lists the one that is looked at. */
async function whole(name, path) {
  const answer = await get(path);
  while (name === "accounts" && answer.next) {
    const { accounts, next } = await get(path, { after: answer.next });
    Object.assign(answer, { accounts: [...answer.accounts, ...accounts], next });
  }
  return answer;
}

const chosen = (path) => {
  const { account, version } = state().board;
  return path.replace("{account}", account).replace("{version}", version ? `&version=${version}` : "");
};

/** Another account, or another version of its script: what is shown of the one before goes. */
export function choose(more) {
  change(({ board }) => ({ board: { ...board, version: undefined, flow: undefined, handoff: undefined, ...more } }));
  again();
}

/** Unless somebody has left the dashboard meanwhile. */
const again = () => state().tab && look(state().tab, true);

/** Other rows of a list. */
export function filter(name, wanted) {
  const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value)).toString();
  // Until they are there, what is earlier would be earlier than others.
  change(({ board, filters }) => ({ filters: { ...filters, [name]: query && `?${query}` }, board: { ...board, [name]: { ...board[name], next: undefined } } }));
  again();
}

/** Does something, and looks again; `refused` hears of a no. */
export const operate = async (path, body, refused) => {
  const done = await tried(() => post(path, body), refused);
  if (done) await again();
  return done;
};

/** The webhook and everybody with it, a part in each call. */
export async function move() {
  let done = {};
  do done = await operate("/api/webhooks/move", { after: done.next });
  while (done?.next);
}
