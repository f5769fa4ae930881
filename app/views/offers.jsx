// Conversations that this agent is asked to take.
import { act, open } from "../acts.js";
import { idOf, keyOf } from "../state.js";
import { asWhom, nameOf } from "../words.js";

export function Offers({ rows, me }) {
  if (!rows.length) return null;
  const take = async (row) => {
    const which = idOf(row);
    location.hash = `#/${which.account}/${which.customer}`;
    await open(which);
    await act("take", which);
  };
  return (
    <section class="offers" role="alert" aria-label="Asked of you">
      {rows.map((row) => (
        <div key={keyOf(idOf(row))} class="offer">
          <p>
            <strong><bdi>{nameOf(row)}</bdi></strong>{asWhom(row, me) && ` to ${asWhom(row, me)}`}: <bdi>{row.note ?? "asks for somebody"}</bdi>
          </p>
          <button class="primary" onClick={() => take(row)}>Take</button>
        </div>
      ))}
    </section>
  );
}
