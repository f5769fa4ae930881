// Times, names and states in words.
const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });

export const clock = (at) => TIME.format(new Date(at));
export const day = (at) => DAY.format(new Date(at));
export const isSameDay = (one, other) => new Date(one).toDateString() === new Date(other).toDateString();
export const shortly = (at) => (isSameDay(at, Date.now()) ? clock(at) : day(at));

/** 40 s, 12 min, 3 h, 2 d. */
export function since(at) {
  const seconds = Math.max(0, Math.round((Date.now() - at) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

export const nameOf = (row) => row?.name || (row?.username ? `@${row.username}` : "Customer");
/** As which account people answer, where there are several. */
export const asWhom = (row, me) => (me.accounts.length > 1 && row?.account_username ? `@${row.account_username}` : undefined);
export const initial = (name) => [...name.replace("@", "")][0]?.toUpperCase() ?? "?";

/** What is left of a window of X's: {left, text}. */
export function budgetOf({ whose, window, cap, used, resets_at }) {
  const left = Math.max(0, cap - used);
  const span = window < 3_600_000 ? `${window / 60_000} min` : `${window / 3_600_000} h`;
  return { left, text: `${left} of ${cap} left in ${span}${whose === "app" ? ", all accounts together" : ""}${left === 0 && resets_at ? ` (until ${clock(resets_at)})` : ""}` };
}

const RECEIVED = { photo: "Picture", video: "Video", animated_gif: "GIF", encrypted: "Encrypted message" };
export const receivedName = (kind) => RECEIVED[kind] ?? "File";

export function preview(last) {
  if (!last) return "";
  const who = { customer: "", bot: "Bot: ", human: "We: " }[last.author] ?? "";
  return `${who}${last.text || (last.received ? receivedName(last.received) : "")}`;
}

/** Who has it, for the list. */
export function holder(row, me) {
  if (row.status === "waiting") return row.agent_id && row.agent_id === me?.id ? "asks you" : "waits";
  if (row.status === "held") return row.place === "app" ? "in X's app" : row.agent_id === me?.id ? "yours" : (row.agent ?? "held");
  if (row.held) return "held";
  return row.paused_until ? "paused" : "bot";
}

const UNSAID = { owed: "waiting to be sent", sending: "being sent", failed: "not sent", doubtful: "perhaps sent" };
export const stateOf = (status) => UNSAID[status] ?? status;
