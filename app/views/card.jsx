// Who the customer is, what agents noted, and when people had the conversation.
import { useEffect, useRef, useState } from "preact/hooks";
import { act, tried } from "../acts.js";
import { post, search } from "../api.js";
import { draftOf, forget, write } from "../drafts.js";
import { change, keyOf, state as now } from "../state.js";
import { asWhom, clock, day, nameOf } from "../words.js";

const WHY = { ended: "closed", timed_out: "the customer was silent", nobody: "nobody came", over: "by itself" };
const BY = { script: "by the bot", mode: "by the account's mode", agent: "by an agent", app: "in X's app" };

/** `isOver`: it lies over the conversation, where the page is too narrow for both. */
export function Card({ state, isOver }) {
  const { thread } = state;
  const row = thread.conversation ?? {};
  const sheet = useRef(null);
  const close = () => {
    change({ about: false });
    document.querySelector(".about")?.focus();
  };
  useEffect(() => {
    if (isOver) sheet.current.querySelector(".close").focus();
  }, [isOver]);
  return (
    <aside class={isOver ? "card over" : "card"} aria-label="About the customer" tabIndex={0} ref={sheet} onKeyDown={(event) => isOver && event.key === "Escape" && close()}>
      <button class="quiet close" onClick={close}>Done</button>
      <h2><bdi>{nameOf(row)}</bdi></h2>
      {row.username && <p><a href={`https://x.com/${encodeURIComponent(row.username)}`} target="_blank" rel="noopener noreferrer">@{row.username}</a></p>}
      <dl>
        {asWhom(row, state.me) && <><dt>Writes to</dt><dd>{asWhom(row, state.me)}</dd></>}
        <dt>Customer</dt><dd><code>{thread.customer_id}</code></dd>
        <dt>Bot</dt><dd>{row.node ? <>at <code>{row.node}</code></> : "at the beginning"}</dd>
      </dl>
      <Notes notes={thread.notes} drafts={state.drafts} which={state.open} />
      {state.me.role === "admin" && <OnRequest which={state.open} />}
      <h3>Handoffs</h3>
      {thread.handoffs.length === 0 && <p class="resting">None so far.</p>}
      <ul class="handoffs">
        {thread.handoffs.map((handoff) => (
          <li key={handoff.id}>
            {day(handoff.started_at)}, {clock(handoff.started_at)} {BY[handoff.started_by]}
            {handoff.agent && <>, <bdi>{handoff.agent}</bdi></>}
            {handoff.note && <span class="note"><bdi>{handoff.note}</bdi></span>}
            {handoff.ended_at && <span class="end">until {clock(handoff.ended_at)}: {WHY[handoff.why_ended] ?? handoff.why_ended}</span>}
          </li>
        ))}
      </ul>
    </aside>
  );
}

/** What customers may ask for: their data, and that it is deleted. */
function OnRequest({ which }) {
  const [proof, setProof] = useState();
  const address = `/api/customers/export${search(which)}`;
  const forget = async () => {
    if (!confirm("Delete everything that is known of this customer? It cannot be undone.")) return;
    setProof(await tried(() => post("/api/customers/forget", which)));
  };
  return (
    <>
      <h3>On request</h3>
      <p class="on-request">
        <a href={address} download="customer.json">Export (JSON)</a> <a href={`${address}&format=csv`} download="conversation.csv">CSV</a>
        <button class="quiet" onClick={forget}>Delete all data</button>
      </p>
      {proof && <p role="status">Deleted: {Object.entries(proof.deleted).filter(([, count]) => count > 0).map(([table, count]) => `${count} in ${table}`).join(", ") || "nothing was there"}. Left: {proof.left}.</p>}
    </>
  );
}

function Notes({ notes, drafts, which }) {
  const key = `note ${keyOf(which)}`;
  const { text } = draftOf(drafts, key);
  const add = async (event) => {
    event.preventDefault();
    if (text.trim() && (await act("note", { text })) && draftOf(now().drafts, key).text === text) forget(key);
  };
  return (
    <>
      <h3>Notes</h3>
      <ul class="notes">
        {notes.map((note) => (
          <li key={note.id}><p dir="auto">{note.text}</p><small>{note.agent ?? "admin"}, {day(note.at)} {clock(note.at)}</small></li>
        ))}
      </ul>
      <form class="add-note" onSubmit={add}>
        <label class="hidden" for="note">A note for other agents</label>
        <textarea id="note" rows={2} dir="auto" placeholder="A note for other agents" value={text} onInput={(event) => write(key, { text: event.currentTarget.value })} />
        <button disabled={!text.trim()}>Add note</button>
      </form>
    </>
  );
}
