// What somebody has written and not sent: kept in the browser, so that no failure, reload or lost session takes it away.
import { change, state } from "./state.js";

const STORE = "perch.drafts";
/** As many as X takes. */
export const MOST_OPTIONS = 20;
export const MOST_BUTTONS = 3;
const EMPTY = { text: "", options: [], buttons: [] };

export const draftOf = (drafts, key) => ({ ...EMPTY, ...drafts[key] });

export function restore() {
  change({ drafts: kept() });
  addEventListener("storage", hear);
}

/** `more`: what becomes of the draft, or a function of what it is now; what is drawn may be older. What was changed is another message. */
export function write(key, more) {
  const draft = draftOf(state().drafts, key);
  keep(key, { ...draft, id: undefined, ...(typeof more === "function" ? more(draft) : more) });
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

export const forget = (key) => keep(key, undefined);

/** Of the store this draft alone is written: the others may be those of another tab. */
function keep(key, draft) {
  change(({ drafts }) => ({ drafts: { ...drafts, [key]: draft } }));
  try {
    localStorage.setItem(STORE, JSON.stringify({ ...kept(), [key]: draft }));
  } catch {
    // Full or forbidden: the draft lives as long as the page.
  }
}

/** What cannot be read holds nothing for us. */
function read(stored) {
  try {
    return JSON.parse(stored()) ?? {};
  } catch {
    return {};
  }
}

const kept = () => read(() => localStorage.getItem(STORE));

/** Another tab has written: of what it changed the store has the latest. */
function hear({ key, oldValue, newValue }) {
  if (key !== STORE) return;
  const [before, after, all] = [read(() => oldValue), read(() => newValue), kept()];
  const changed = Object.keys({ ...before, ...after }).filter((one) => JSON.stringify(before[one]) !== JSON.stringify(after[one]));
  change(({ drafts }) => ({ drafts: { ...drafts, ...Object.fromEntries(changed.map((one) => [one, all[one]])) } }));
}
