// Who the customer is, what agents noted, and when people had the conversation.
import { useState } from "preact/hooks";
import { act } from "../acts.js";
import { clock, day, nameOf } from "../words.js";

const WHY = { ended: "closed", timed_out: "the customer was silent", nobody: "nobody came", released: "released", over: "by itself" };
const BY = { script: "by the bot", mode: "by the account's mode", agent: "by an agent", app: "in X's app" };

export function Card({ state }) {
  const { thread } = state;
  const row = thread.conversation ?? {};
  return (
    <aside class="card" aria-label="About the customer">
      <h2><bdi>{nameOf(row)}</bdi></h2>
      {row.username && <p><a href={`https://x.com/${encodeURIComponent(row.username)}`} target="_blank" rel="noopener noreferrer">@{row.username}</a></p>}
      <dl>
        <dt>Customer</dt><dd><code>{thread.customer_id}</code></dd>
        <dt>Bot</dt><dd>{row.node ? <>at <code>{row.node}</code></> : "at the beginning"}</dd>
      </dl>
      <Notes notes={thread.notes} />
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

function Notes({ notes }) {
  const [text, setText] = useState("");
  const add = async (event) => {
    event.preventDefault();
    if (text.trim() && (await act("note", { text }))) setText("");
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
        <textarea id="note" rows={2} dir="auto" placeholder="A note for other agents" value={text} onInput={(event) => setText(event.currentTarget.value)} />
        <button disabled={!text.trim()}>Add note</button>
      </form>
    </>
  );
}
