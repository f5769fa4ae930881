// What X delivered, as it comes in; each as X wrote it behind a click.
import { useState } from "preact/hooks";
import { tried } from "../../acts.js";
import { post } from "../../api.js";
import { filter as filterRows, operate } from "../../dashboard.js";
import { clock, shortly } from "../../words.js";

const KINDS = ["dm.message", "dm.read", "dm.typing", "chat.received", "mention", "follow", "favorite", "revoke", "unknown"];
const NONE = { account: "", kind: "", status: "", before: "" };
const STATES = ["handled", "recorded", "set_aside", "dead"];

export function Events({ board, state }) {
  const [filter, setFilter] = useState(() => ({ ...NONE, ...Object.fromEntries(new URLSearchParams(state.filters.events)) }));
  const { accounts } = board.me;
  const { events, next } = board.events;
  const look = (more) => {
    const wanted = { ...filter, before: "", ...more };
    setFilter(wanted);
    filterRows("events", wanted);
  };
  const choose = (name) => (event) => look({ [name]: event.currentTarget.value });
  return (
    <>
      <div class="filters">
        {accounts.length > 1 && <label>Account <select value={filter.account} onChange={choose("account")}><option value="">all</option>{accounts.map(({ id, username }) => <option key={id} value={id}>@{username}</option>)}</select></label>}
        <label>Kind <select value={filter.kind} onChange={choose("kind")}><option value="">all</option>{KINDS.map((kind) => <option key={kind}>{kind}</option>)}</select></label>
        <label>State <select value={filter.status} onChange={choose("status")}><option value="">all</option>{STATES.map((status) => <option key={status}>{status}</option>)}</select></label>
      </div>
      {events.length === 0 && <p class="resting">{filter.before ? "There is nothing earlier." : "Nothing has come in."}</p>}
      <ul class="events">{events.map((row) => <Event key={row.key} row={row} />)}</ul>
      <p class="filters">
        {filter.before && <button onClick={() => look({})}>Latest</button>}
        {next && <button onClick={() => look({ before: next })}>Earlier</button>}
      </p>
    </>
  );
}

function Event({ row }) {
  const [whole, setWhole] = useState();
  const show = async (event) => {
    if (event.currentTarget.open && !whole) setWhole(await tried(() => post("/api/events/show", { key: row.key })));
  };
  return (
    <li>
      <details onToggle={show}>
        <summary>
          <time dateTime={new Date(row.received_at).toISOString()}>{shortly(row.received_at)}</time>
          <strong>{row.kind}</strong>
          <span class={row.status === "dead" || row.status === "set_aside" ? "bad" : "soft"}>{row.status}</span>
          <span class="soft">{row.outcome}</span>
        </summary>
        <p class="soft">Written {clock(row.created_at)}, received {clock(row.received_at)}{row.settled_at && `, settled ${clock(row.settled_at)}`}; account {row.account_id}{row.customer_id && `, customer ${row.customer_id}`}; tries {row.attempts}</p>
        {row.status === "dead" && <button onClick={() => operate("/api/events/retry", { key: row.key })}>Try again</button>}
        {whole && <pre tabIndex={0}>{JSON.stringify(whole.raw, null, 2)}</pre>}
      </details>
    </li>
  );
}
