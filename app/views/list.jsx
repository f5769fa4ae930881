// The list of conversations.
import { show, showMore, showOf } from "../acts.js";
import { find } from "../find.js";
import { idOf, keyOf } from "../state.js";
import { asWhom, holder, initial, nameOf, preview, shortly, since } from "../words.js";
import { Found } from "./found.jsx";

const VIEWS = [["mine", "Mine"], ["waiting", "Waiting"], ["all", "All"]];
const EMPTY = {
  mine: "Nothing is yours at the moment.",
  waiting: "Nobody waits.",
  all: "Nobody has written yet.",
};

export function List({ state }) {
  return (
    <nav class="list" aria-label="Conversations">
      {state.me.accounts.length > 1 && <Accounts state={state} />}
      <form class="find" role="search" onSubmit={(event) => event.preventDefault()}>
        <input type="search" placeholder="Search what was said" aria-label="Search what was said" maxLength={200} value={state.search?.q ?? ""}
          onInput={(event) => find(event.currentTarget.value)} onKeyDown={(event) => event.key === "Escape" && find("")} />
      </form>
      {state.search ? <Found search={state.search} me={state.me} /> : <Views state={state} />}
    </nav>
  );
}

/** As which account people answer. */
function Accounts({ state }) {
  return (
    <select class="of-account" aria-label="Account" value={state.account ?? ""} onChange={(event) => showOf(event.currentTarget.value || undefined)}>
      <option value="">All accounts</option>
      {state.me.accounts.map(({ id, username }) => <option key={id} value={id}>@{username}</option>)}
    </select>
  );
}

function Views({ state }) {
  const rowsOf = (view) => state[view]?.filter((row) => !state.account || row.account_id === state.account);
  const rows = rowsOf(state.view);
  return (
    <>
      <div class="tabs" role="group" aria-label="Which conversations">
        {VIEWS.map(([view, name]) => (
          <button key={view} aria-pressed={state.view === view} onClick={() => show(view)}>
            {name}
            {view !== "all" && rowsOf(view)?.length > 0 && <span class="count">{rowsOf(view).length}</span>}
          </button>
        ))}
      </div>
      {!rows && <p class="resting">Loading …</p>}
      {rows?.length === 0 && <p class="resting">{EMPTY[state.view]}</p>}
      <ul>
        {rows?.map((row) => <Row key={keyOf(idOf(row))} row={row} state={state} />)}
      </ul>
      {state.view === "all" && state.next && <button class="more" onClick={showMore}>Show more</button>}
    </>
  );
}

function Row({ row, state }) {
  const which = idOf(row);
  const isOpen = state.open && keyOf(state.open) === keyOf(which);
  const name = nameOf(row);
  return (
    <li>
      <a href={`#/${which.account}/${which.customer}`} class={isOpen ? "row open" : "row"} aria-current={isOpen ? "true" : undefined}>
        <span class="face" aria-hidden="true">{initial(name)}</span>
        <span class="name"><bdi>{name}</bdi></span>
        <time class="when" dateTime={new Date(row.updated_at).toISOString()}>{shortly(row.updated_at)}</time>
        <span class="last">{row.typing ? <em>writes …</em> : <bdi>{preview(row.last)}</bdi>}</span>
        <span class="marks">
          {row.waiting_since && row.status && <span class="waiting" title="The customer waits for a word">{since(row.waiting_since)}</span>}
          {row.unread > 0 && <span class="unread"><span class="hidden">unread: </span>{row.unread > 99 ? "99+" : row.unread}</span>}
          <span class={`holder ${row.status ?? ""}`}>{holder(row, state.me)}</span>
          <span class="as-whom">{asWhom(row, state.me)}</span>
        </span>
      </a>
    </li>
  );
}
