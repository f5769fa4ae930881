// What people do: each act calls Perch, and what it refuses is shown in its own words.
import { get, post } from "./api.js";
import { draftOf, forget, write } from "./drafts.js";
import { find } from "./find.js";
import { listen } from "./live.js";
import { mayNotify } from "./notify.js";
import { change, keyOf, state, withThread } from "./state.js";

export async function tried(work, refused) {
  try {
    const done = await work();
    change({ trouble: undefined });
    return done;
  } catch (trouble) {
    refused?.(trouble);
    change({ trouble: toldOf(trouble) });
    return undefined;
  }
}

export const toldOf = ({ message, mend = "" }) => ({ said: message, mend });

export async function show(view) {
  change({ view });
  if (view !== "all" || state().all) return;
  const { account } = state();
  await tried(async () => {
    const { conversations, next } = await get("/api/inbox", { view: "all", account });
    if (state().account === account) change({ all: conversations, next });
  });
}

/** The conversations of one account, or of all. */
export async function showOf(account) {
  change({ account, all: undefined, next: undefined });
  const { view, search } = state();
  if (search) find(search.q);
  await show(view);
}

export const showMore = () =>
  tried(async () => {
    const { account, next: before } = state();
    const { conversations, next } = await get("/api/inbox", { view: "all", account, before });
    // The list may be another account's by now, or this page be there already.
    change((now) => (now.account === account && now.next === before ? { all: [...now.all, ...conversations], next } : {}));
  });

/** Opens a conversation, or none; at a message, where one was found. */
export async function open(which, message) {
  const { open: former } = state();
  const isOpen = which && former && keyOf(which) === keyOf(former);
  change({ found: message });
  if (isOpen && !message) return;
  if (!isOpen) {
    change({ open: which, about: false, thread: undefined, older: [], noOlder: false, trouble: undefined });
    listen(which);
  }
  if (!which) return;
  await tried(async () => {
    const [thread, around] = await Promise.all([get("/api/inbox/thread", which), message && get("/api/inbox/thread", { ...which, since: message })]);
    const { open: shown } = state();
    if (!shown || keyOf(shown) !== keyOf(which)) return;
    const first = thread.entries[0]?.x_id ?? "";
    const older = around?.entries.filter((entry) => entry.x_id < first);
    change(around && older.length ? { thread, older, noOlder: !around.more } : { thread });
    await read(which, thread);
  });
}

export async function read(which, thread) {
  const last = thread.entries.at(-1);
  if (last && document.visibilityState === "visible") await post("/api/inbox/read", { ...which, to: last.x_id });
}

export const showOlder = (before) =>
  tried(async () => {
    const which = state().open;
    const { entries, more } = await get("/api/inbox/thread", { ...which, before });
    change(({ open: shown, older, thread }) => {
      const [first] = [...older, ...(thread?.entries ?? [])];
      // Another conversation may be open by now, or this page be there already.
      if (!shown || keyOf(shown) !== keyOf(which) || first?.x_id !== before) return {};
      return { older: [...entries, ...older], noOlder: !more };
    });
  });

export const act = (name, more = {}) => tried(() => post(`/api/inbox/${name}`, { ...state().open, ...more }));

/** The draft goes; it is forgotten only when Perch has written it down. A second try has the same name: it is said once. */
export async function say() {
  const which = state().open;
  const key = keyOf(which);
  const draft = draftOf(state().drafts, key);
  if (!draft.text.trim() && !draft.file) return false;
  const id = draft.id ?? crypto.randomUUID();
  write(key, { id });
  const options = draft.options.filter((label) => label.trim()).map((label, place) => ({ id: `agent/${place + 1}`, label: label.trim() }));
  const buttons = draft.buttons.filter(({ label, url }) => label.trim() && url.trim()).map(({ label, url }) => ({ label: label.trim(), url: url.trim() }));
  const done = await tried(() => post("/api/inbox/say", { ...which, id, text: draft.text, options, buttons, ...carried(draft.file) }));
  if (!done) return false;
  // What was written meanwhile is another message.
  const whole = ({ text, options, buttons, file }) => JSON.stringify([text, options, buttons, file]);
  if (whole(draftOf(state().drafts, key)) === whole(draft)) forget(key);
  const thread = await get("/api/inbox/thread", which).catch(() => undefined);
  if (thread && keyOf(state().open ?? {}) === key) withThread(thread);
  return true;
}

const carried = (file) => (file ? { file: file.sha256, media: { file: file.name } } : {});

export const presence = (is) =>
  tried(async () => {
    if (is === "available") mayNotify();
    await post("/api/me/presence", { presence: is });
    change(({ me }) => ({ me: { ...me, presence: is } }));
  });

/** Ends the session; this is a form, so that the browser goes where it is sent. */
export function logOut() {
  const form = Object.assign(document.createElement("form"), { method: "post", action: "/log-out" });
  document.body.append(form);
  form.submit();
}

let typed = 0;
/** At most one sign in four seconds: X shows it for about five. */
export function types() {
  if (Date.now() - typed < 4000) return;
  typed = Date.now();
  post("/api/inbox/typing", state().open).catch(() => {});
}
