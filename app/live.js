// What changes elsewhere, as it happens. The browser comes back by itself when a connection ends.
import { get, search } from "./api.js";
import { notify } from "./notify.js";
import { change, idOf, keyOf, state, withThread } from "./state.js";

let source;

/** Hears of everything, and of the conversation that is open in particular. */
export function listen(open) {
  source?.close();
  source = new EventSource(`/api/inbox/live${search(open ?? {})}`);
  source.onopen = () => {
    change({ connected: true });
    for (const look of [colleagues, catchUp]) look().catch(() => {});
  };
  source.onerror = () => {
    change({ connected: false });
    // The browser gives up after a refusal: the session is over, or the platform had a moment.
    if (source.readyState === EventSource.CLOSED) setTimeout(again, 3000);
  };
  on("mine", (mine) => {
    const { mine: before } = state();
    change({ mine });
    notify(before, mine);
  });
  on("waiting", (waiting) => change({ waiting }));
  on("conversation", (row) => change(({ all }) => ({ all: all && withRow(all, row) })));
  on("thread", (thread) => {
    const { open: shown } = state();
    if (shown && keyOf(shown) === keyOf(idOf(thread))) withThread(thread);
  });
}

async function again() {
  // Whoever is not logged in any more is led to the log-in by this.
  await get("/api/me").catch(() => {});
  listen(state().open);
}

function on(event, take) {
  source.addEventListener(event, ({ data }) => take(JSON.parse(data)));
}

/** Who else is here: somebody may have come since. */
const colleagues = async () => change({ agents: (await get("/api/agents")).agents });

/** What changed while nobody listened stands in no event: the first page of all is fetched anew. */
async function catchUp() {
  const { account, all: before } = state();
  if (!before) return;
  const { conversations, next } = await get("/api/inbox", { view: "all", account });
  change((now) => {
    if (now.account !== account || !now.all) return {};
    // What was shown below it stays, unless more than a page has changed: then there is a gap between the two.
    const last = conversations.at(-1)?.updated_at ?? 0;
    const below = next && last <= (before[0]?.updated_at ?? 0) ? now.all.filter((row) => row.updated_at < last) : [];
    const page = conversations.reduceRight(withRow, below);
    return below.length ? { all: page } : { all: page, next };
  });
}

/** What changed last stands first. */
function withRow(all, row) {
  const key = keyOf(idOf(row));
  const others = all.filter((known) => keyOf(idOf(known)) !== key);
  return [row, ...others].sort((one, other) => other.updated_at - one.updated_at);
}
