// What went wrong last, and what to do about it.
import { change } from "../state.js";

export function Trouble({ trouble }) {
  if (!trouble) return null;
  return (
    <div class="trouble" role="alert">
      <p><strong>{trouble.said}</strong> {trouble.mend}</p>
      <button class="quiet" onClick={() => change({ trouble: undefined })}>Close</button>
    </div>
  );
}
