// The search within the open conversation: what is found is opened where it stands.
import { useEffect, useRef, useState } from "preact/hooks";
import { tried } from "../acts.js";
import { get } from "../api.js";
import { Hit } from "./found.jsx";

const PAUSE = 250;

export function Within({ which, me, close }) {
  const [q, setQ] = useState("");
  const [found, setFound] = useState();
  const field = useRef(null);
  useEffect(() => field.current.focus(), []);
  useEffect(() => {
    if (!q.trim()) return setFound(undefined);
    let isOver = false;
    const look = async () => {
      const answer = await tried(() => get("/api/inbox/search", { q, ...which }));
      if (!isOver) setFound(answer);
    };
    const timer = setTimeout(look, PAUSE);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [q]);
  const words = q.split(/\s+/).filter(Boolean);
  return (
    <form class="within" role="search" aria-label="This conversation" onSubmit={(event) => event.preventDefault()} onKeyDown={(event) => event.key === "Escape" && close()}>
      <div class="line">
        <input ref={field} type="search" placeholder="Search this conversation" aria-label="Search this conversation" maxLength={200} value={q} onInput={(event) => setQ(event.currentTarget.value)} />
        <button type="button" class="quiet" onClick={close}>Done</button>
      </div>
      {found && (
        <div class="hits" role="status">
          {found.messages.length === 0 && <p class="resting">Nothing was said here with these words; words of {found.shortest} letters and more are found.</p>}
          <ul>{found.messages.map((row) => <Hit key={row.x_id} row={row} me={me} message={row.x_id} at={row.at} text={row.text} words={words} />)}</ul>
          {found.next && <p class="resting">These are the latest.</p>}
        </div>
      )}
    </form>
  );
}
