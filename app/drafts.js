// What somebody has written and not sent: kept in the browser, so that no failure, reload or lost session takes it away.
import { change, state } from "./state.js";

const STORE = "perch.drafts";
const EMPTY = { text: "", options: [], buttons: [] };

export const draftOf = (drafts, key) => ({ ...EMPTY, ...drafts[key] });

export function restore() {
  try {
    change({ drafts: JSON.parse(localStorage.getItem(STORE)) ?? {} });
  } catch {
    // A store that cannot be read holds nothing for us.
  }
}

export function write(key, more) {
  const drafts = { ...state().drafts, [key]: { ...draftOf(state().drafts, key), ...more } };
  keep(drafts);
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
