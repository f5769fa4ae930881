// Queue messages that nobody could handle.
import { useState } from "preact/hooks";
import { tried } from "../../acts.js";
import { post } from "../../api.js";
import { filter, operate } from "../../dashboard.js";
import { shortly } from "../../words.js";

export function Letters({ board, state }) {
  const { dead_letters: all, next } = board.letters;
  const isEarlier = Boolean(state.filters.letters);
  if (!all.length && !isEarlier) return <p class="resting">None. What the queue gives up stands here, with its reason.</p>;
  return (
    <>
      {!all.length && <p class="resting">There is nothing earlier.</p>}
      <ul class="events">{all.map((row) => <Letter key={row.id} row={row} />)}</ul>
      <p class="filters">
        {isEarlier && <button onClick={() => filter("letters", {})}>Latest</button>}
        {next && <button onClick={() => filter("letters", { before: next })}>Earlier</button>}
      </p>
    </>
  );
}

function Letter({ row }) {
  const [whole, setWhole] = useState();
  const show = async (event) => {
    if (event.currentTarget.open && !whole) setWhole(await tried(() => post("/api/dead-letters/show", { id: row.id })));
  };
  return (
    <li>
      <details onToggle={show}>
        <summary><time>{shortly(row.at)}</time><strong>{row.queue}</strong><span class="bad">{row.why}</span></summary>
        <p>
          <button onClick={() => operate("/api/dead-letters/retry", { id: row.id })}>Try again</button>
          <button onClick={() => confirm("Drop it for good?") && operate("/api/dead-letters/drop", { id: row.id })}>Drop</button>
        </p>
        {whole && <pre tabIndex={0}>{whole.body}</pre>}
      </details>
    </li>
  );
}
