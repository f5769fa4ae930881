// What somebody has written and not sent: kept in the browser, so that no failure, reload or lost session takes it away.
import { change, state } from "./state.js";

const STORE = "perch.drafts";
/** As many as X takes. */
export const MOST_OPTIONS = 20;
export const MOST_BUTTONS = 3;
const EMPTY = { text: "", options: [], buttons: [] };

export const draftOf = (drafts, key) => ({ ...EMPTY, ...drafts[key] });

export function restore() {
  try {
    change({ drafts: JSON.parse(localStorage.getItem(STORE)) ?? {} });
  } catch {
    // A store that cannot be read holds nothing for us.
  }
}

/** `more`: what becomes of the draft, or a function of what it is now; what is drawn may be older. What was changed is another message. */
export function write(key, more) {
  const draft = draftOf(state().drafts, key);
  keep({ ...state().drafts, [key]: { ...draft, id: undefined, ...(typeof more === "function" ? more(draft) : more) } });
}

/** What was said before goes behind what is written already; its file, where there is none yet. */
export function append(key, { text = "", options = [], buttons = [], file }) {
  const draft = draftOf(state().drafts, key);
  write(key, {
    text: draft.text.trim() ? `${draft.text.trimEnd()}\n${text}` : text,
    options: [...draft.options, ...options].slice(0, MOST_OPTIONS),
    buttons: [...draft.buttons, ...buttons].slice(0, MOST_BUTTONS),
    file: draft.file ?? file,
  });
}

export function forget(key) {
  const { [key]: sent, ...drafts } = state().drafts;
  keep(drafts);
  return sent;
}

function keep(drafts) {
  change({ drafts });
  try {
    localStorage.setItem(STORE, JSON.stringify(drafts));
  } catch {
    // Full or forbidden: the draft lives as long as the page.
  }
}
