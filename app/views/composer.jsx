// Where the answer is written. A draft is kept until Perch has it.
import { useEffect, useRef, useState } from "preact/hooks";
import { say, tried, types } from "../acts.js";
import { MOST_BUTTONS, MOST_OPTIONS, draftOf, write } from "../drafts.js";
import { ACCEPT, bring } from "../files.js";
import { keyOf, state as now } from "../state.js";
import { budgetOf, clock, nameOf } from "../words.js";
import { Canned, loadCanned } from "./canned.jsx";

const LONGEST = 10_000;
const LONGEST_LABEL = 36;

export function Composer({ state, isMine, row }) {
  const key = keyOf(state.open);
  const draft = draftOf(state.drafts, key);
  const [sending, setSending] = useState(false);
  const [bringing, setBringing] = useState(false);
  const [canned, setCanned] = useState(false);
  const area = useRef(null);
  const picker = useRef(null);
  useEffect(() => {
    if (isMine) area.current?.focus({ preventScroll: true });
  }, [isMine]);
  useEffect(() => {
    const field = area.current;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, 240)}px`;
  }, [draft.text]);
  const isPlain = row.speaks === "plain";
  const length = lengthOf(draft, isPlain);
  // Without words X takes a file only where it shows messages as text.
  const isSomething = (draft) => draft.text.trim() || (isPlain && draft.file);
  const send = async () => {
    // Enter may come before what was typed last is drawn.
    const written = draftOf(now().drafts, key);
    if (sending || bringing || !isSomething(written) || lengthOf(written, isPlain) > LONGEST || !area.current.form.reportValidity()) return;
    setSending(true);
    await say();
    setSending(false);
    area.current?.focus();
  };
  const keys = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  };
  const typed = (text) => {
    write(key, { text });
    if (isMine && text) types();
  };
  const attach = async (files) => {
    const [file] = files ?? [];
    if (!file || bringing) return;
    setBringing(true);
    const brought = await tried(() => bring(file));
    if (brought) write(key, { file: brought });
    setBringing(false);
  };
  const insert = (text) => {
    const written = draftOf(now().drafts, key).text;
    typed(written.trim() ? `${written.trimEnd()}\n${text}` : text);
    setCanned(false);
    area.current?.focus();
  };
  const openCanned = () => {
    setCanned(!canned);
    if (!state.canned) loadCanned();
  };
  const held = row.status === "held" && row.place === "agents" && !isMine;
  return (
    <form class="composer" onSubmit={(event) => { event.preventDefault(); send(); }}
      onDragOver={(event) => event.preventDefault()} onDrop={(event) => { event.preventDefault(); attach(event.dataTransfer?.files); }}>
      <Rests row={row} />
      {isPlain && draft.options.length + draft.buttons.length > 0 && <p class="hint">Quick replies and buttons go out as lines: X shows this account's messages as text.</p>}
      {held && <p class="hint">{row.agent} has this conversation. What you write stays here.</p>}
      {!held && !isMine && <p class="hint">Your answer takes the conversation: the bot is silent then.</p>}
      {canned && <Canned all={state.canned} text={draft.text} customer={nameOf(row)} insert={insert} />}
      <Options draft={draft} change={(to) => write(key, ({ options }) => ({ options: to(options) }))} />
      <Buttons draft={draft} change={(to) => write(key, ({ buttons }) => ({ buttons: to(buttons) }))} />
      {(draft.file || bringing) && (
        <p class="attached">
          {bringing ? "Bringing the file …" : <>File: <bdi>{draft.file.name}</bdi> <button type="button" class="quiet" onClick={() => write(key, { file: undefined })}>Remove</button></>}
        </p>
      )}
      <div class="line">
        <label class="hidden" for="answer">Your answer</label>
        <textarea id="answer" ref={area} rows={1} dir="auto" placeholder="Write an answer" value={draft.text}
          onInput={(event) => typed(event.currentTarget.value)} onKeyDown={keys}
          onPaste={(event) => event.clipboardData?.files.length && attach(event.clipboardData.files)} />
        <button class="primary" disabled={sending || bringing || held || !isSomething(draft) || length > LONGEST}>{sending ? "Sending …" : "Send"}</button>
      </div>
      <div class="tools">
        <input type="file" hidden accept={ACCEPT} ref={picker} onChange={(event) => { attach(event.currentTarget.files); event.currentTarget.value = ""; }} />
        <button type="button" class="quiet" title="Send a picture or a video" onClick={() => picker.current.click()}>+ File</button>
        <button type="button" class="quiet" aria-expanded={canned} onClick={openCanned}>Canned</button>
        <button type="button" class="quiet" disabled={draft.options.length >= MOST_OPTIONS} title="Add a quick reply"
          onClick={() => write(key, ({ options }) => ({ options: [...options, ""] }))}>
          + Reply
        </button>
        <button type="button" class="quiet" disabled={draft.buttons.length >= MOST_BUTTONS} title="Add a button that leads to a page"
          onClick={() => write(key, ({ buttons }) => ({ buttons: [...buttons, { label: "", url: "" }] }))}>
          + Button
        </button>
        <span class="space" />
        <Left budgets={state.thread.budgets} />
        <span class={length > LONGEST ? "count-of over" : "count-of"} aria-live="polite">
          {length > LONGEST * 0.9 ? `${length} of ${LONGEST} characters` : ""}
        </span>
      </div>
    </form>
  );
}

/** In characters as X counts them; in plain the ways on are lines of the text. */
function lengthOf({ text, options, buttons }, isPlain) {
  const lines = isPlain ? [...buttons.map(({ label, url }) => `${label}: ${url}`), ...options.map((label, place) => `${place + 1}. ${label}`)] : [];
  return [...text].length + lines.reduce((sum, line) => sum + [...line].length + 1, 0) + (isPlain ? Math.sign(buttons.length) + Math.sign(options.length) : 0);
}

/** Why nothing goes out at the moment. */
function Rests({ row }) {
  if (row.is_on === 0) return <p class="hint warn">The account is switched off: what you write waits until it is on again.</p>;
  const why = `${row.why?.said ?? ""} ${row.why?.what_to_do ?? ""}`;
  if (row.account_status && row.account_status !== "ready") return <p class="hint warn">Nothing can be sent as this account. {why}</p>;
  return row.sends_at ? <p class="hint warn">Nothing goes out until {clock(row.sends_at)}; yours goes first then. {why}</p> : null;
}

/** How many messages X still takes, by the window that ends first. */
function Left({ budgets }) {
  const [least] = budgets.map(budgetOf).sort((one, other) => one.left - other.left);
  return least ? <span class={least.left === 0 ? "count-of over" : "count-of"} title="How many messages X still takes of this account">{least.text}</span> : null;
}

/** Quick replies under the message. */
function Options({ draft, change }) {
  if (!draft.options.length) return null;
  const set = (place, label) => change((all) => all.map((known, at) => (at === place ? label : known)));
  return (
    <ul class="edit-options" aria-label="Quick replies of this message">
      {draft.options.map((label, place) => (
        <li key={place}>
          <input value={label} maxLength={LONGEST_LABEL} placeholder="Quick reply" aria-label={`Quick reply ${place + 1}`}
            onInput={(event) => set(place, event.currentTarget.value)} />
          <button type="button" class="quiet" aria-label={`Remove quick reply ${place + 1}`}
            onClick={() => change((all) => all.filter((_, at) => at !== place))}>×</button>
        </li>
      ))}
    </ul>
  );
}

/** Buttons under the message, each to a page. */
function Buttons({ draft, change }) {
  if (!draft.buttons.length) return null;
  const set = (place, more) => change((all) => all.map((known, at) => (at === place ? { ...known, ...more } : known)));
  return (
    <ul class="edit-options" aria-label="Buttons of this message">
      {draft.buttons.map((button, place) => (
        <li key={place}>
          <input value={button.label} maxLength={LONGEST_LABEL} placeholder="Button" aria-label={`Button ${place + 1}`} required
            onInput={(event) => set(place, { label: event.currentTarget.value })} />
          <input value={button.url} type="url" pattern="https://.+" title="An address that begins with https://" placeholder="https://…" aria-label={`Address of button ${place + 1}`} required
            onInput={(event) => set(place, { url: event.currentTarget.value })} />
          <button type="button" class="quiet" aria-label={`Remove button ${place + 1}`}
            onClick={() => change((all) => all.filter((_, at) => at !== place))}>×</button>
        </li>
      ))}
    </ul>
  );
}
