// Which account a tab is about, where there are several.
import { choose } from "../../dashboard.js";

export function Which({ board }) {
  const all = board.accounts.accounts;
  if (all.length < 2) return null;
  return (
    <p class="filters">
      <label>Account <select value={board.account} onChange={(event) => choose({ account: event.currentTarget.value })}>
        {all.map((row) => <option key={row.id} value={row.id}>@{row.username}</option>)}
      </select></label>
    </p>
  );
}
