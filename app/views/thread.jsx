// A conversation: what was said, and what can be done with it.
import { useEffect, useState } from "preact/hooks";
import { act, read, showOlder } from "../acts.js";
import { change, keyOf } from "../state.js";
import { asWhom, clock, day, holder, isSameDay, nameOf } from "../words.js";
import { Composer } from "./composer.jsx";
import { Message, Unsaid } from "./message.jsx";
import { Within } from "./within.jsx";

export function Thread({ state }) {
  const { thread, open, me } = state;
  const [isSearched, setSearched] = useState(false);
  const last = thread?.entries.at(-1)?.x_id;
  const isFoundThere = thread && [...state.older, ...thread.entries].some((entry) => entry.x_id === state.found);
  useEffect(() => {
    if (isFoundThere) document.querySelector(".message.found")?.scrollIntoView({ block: "center" });
  }, [isFoundThere, state.found]);
  const row = thread?.conversation ?? {};
  const isMine = row.status === "held" && row.agent_id === me.id;
  useEffect(() => {
    if (thread) read(open, thread).catch(() => {});
  }, [keyOf(open), last, isMine]);
  if (!thread) return <main class="thread"><p class="resting">Loading …</p></main>;
  const entries = [...state.older, ...thread.entries];
  return (
    <main class="thread">
      <div class="bar">
        <a class="back" href="#/" aria-label="Back to the list">‹</a>
        <h2><bdi>{nameOf(row)}</bdi></h2>
        <span class={`holder ${row.status ?? ""}`}>{holder(row, me)}</span>
        {asWhom(row, me) && <span class="as-whom">to {asWhom(row, me)}</span>}
        <span class="space" />
        <button class="quiet" aria-expanded={isSearched} onClick={() => setSearched(!isSearched)}>Search</button>
        <button class="about" aria-expanded={state.about} onClick={() => change({ about: !state.about })}>About</button>
        <Acts row={row} isMine={isMine} state={state} />
      </div>
      {isSearched && <Within key={keyOf(open)} which={open} me={me} close={() => setSearched(false)} />}
      {row.paused_until > Date.now() && !row.status && <Paused until={row.paused_until} />}
      <div class="said" tabIndex={0} role="log" aria-label="What was said">
        <div>
        {thread.more && !state.noOlder && <button class="more" onClick={() => showOlder(entries[0].x_id)}>Earlier messages</button>}
        {entries.map((entry, place) => (
          <div key={entry.x_id}>
            {(place === 0 || !isSameDay(entries[place - 1].at, entry.at)) && <p class="day">{day(entry.at)}</p>}
            <Message entry={entry} which={open} seenTo={row.seen_to} agents={state.agents} isFound={entry.x_id === state.found} />
          </div>
        ))}
        {thread.unsaid.map((row) => <Unsaid key={row.id} row={row} which={open} agents={state.agents} />)}
        {row.typing ? <p class="typing" role="status">{nameOf(row)} writes …</p> : null}
        </div>
      </div>
      <Composer key={keyOf(open)} state={state} isMine={isMine} row={row} />
    </main>
  );
}

/** The bot has answered too often: two machines may be talking to each other. */
function Paused({ until }) {
  return (
    <p class="paused" role="status">
      The bot says nothing until {clock(until)}: it has answered 20 times in five minutes, as two machines do that talk to each other.
      <button onClick={() => act("resume")}>Let it answer</button>
    </p>
  );
}

function Acts({ row, isMine, state }) {
  const isElsewhere = row.status === "held" && row.place === "agents" && !isMine;
  const others = state.agents.filter((agent) => agent.id !== row.agent_id);
  const may = isMine || state.me.role === "admin";
  return (
    <div class="acts">
      {!isMine && !isElsewhere && <button class="primary" onClick={() => act("take")}>Take</button>}
      {row.status === "held" && may && <button onClick={() => act("release")}>Release</button>}
      {row.status && may && <button onClick={() => act("close")}>Close</button>}
      {(may || !row.status) && others.length > 0 && (
        <label class="assign">
          <span class="hidden">Assign to</span>
          <select value="" onChange={(event) => event.currentTarget.value && act("assign", { agent: event.currentTarget.value })}>
            <option value="">Assign …</option>
            {others.map((agent) => <option key={agent.id} value={agent.id}>{agent.name}</option>)}
          </select>
        </label>
      )}
    </div>
  );
}
