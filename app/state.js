// All that the pages know, in one place; what shows it is drawn from it alone.
let now = {
  /** Who is logged in. */
  me: undefined,
  /** What is looked for, and what was found: {q, messages, customers, next}. */
  search: undefined,
  /** The found message that the thread was opened at. */
  found: undefined,
  /** Which list is shown: mine, waiting or all. */
  view: "mine",
  /** The one account whose conversations are shown; none: all. */
  account: undefined,
  /** Rows of the lists. */
  mine: undefined,
  waiting: undefined,
  all: undefined,
  /** Behind which conversation the next page of `all` begins. */
  next: undefined,
  /** The conversation that is open: {account, customer}. */
  open: undefined,
  /** Where the page is narrow: the card is shown over it. */
  about: false,
  /** What was said in it. */
  thread: undefined,
  /** Older messages of it, loaded by hand. */
  older: [],
  /** Texts that were not sent yet, by conversation: {text, options, id}. */
  drafts: {},
  agents: [],
  /** Texts that are inserted by name. */
  canned: undefined,
  /** Of the dashboard: which tab is open, what it shows, and which rows of its lists, as a query. */
  tab: undefined,
  board: {},
  filters: {},
  /** The page hears of changes. */
  connected: false,
  /** What went wrong last, for people. */
  trouble: undefined,
};
const listeners = [];

export const state = () => now;

export function change(more) {
  now = { ...now, ...(typeof more === "function" ? more(now) : more) };
  for (const listener of listeners) listener();
}

export function whenChanged(listener) {
  listeners.push(listener);
  listener();
}

/** The thread as it is now; what it showed before and is too old for it stays in sight. */
export function withThread(thread) {
  change(({ thread: former, older }) => {
    const first = thread.entries[0]?.x_id;
    const passed = former && first ? former.entries.filter((entry) => entry.x_id < first && !older.includes(entry)) : [];
    return { thread, older: [...older, ...passed] };
  });
}

export const keyOf = ({ account, customer }) => `${account}:${customer}`;
export const idOf = (row) => ({ account: row.account_id, customer: row.customer_id });
