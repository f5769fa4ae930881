// How an account hands over: who is asked, how long, and what the customer is told.
import { useState } from "preact/hooks";
import { operate } from "../../dashboard.js";
import { Which } from "./which.jsx";

const MODES = { bot: "Bot only: nobody takes over", hybrid: "Hybrid: the bot, and people where they are asked for", agents: "Agents only: the bot says nothing" };
const ROUTINGS = { push: "Push: agents are asked one by one, who is free the longest first", pull: "Pull: it stands in the list until somebody takes it" };
/** In seconds; `true`: may be left empty, which means for ever. */
const TIMES = [
  ["request_seconds", "Nobody came: the bot goes on after", true],
  ["offer_seconds", "One agent is asked for", false],
  ["activity_seconds", "The customer is silent: the bot goes on after", true],
  ["agent_seconds", "The agent is away: others are asked after", true],
  ["app_seconds", "Who writes in X's own app has it for", false],
];
const NOTICES = { started: "When somebody is asked for", joined: "When an agent joins", ended: "When the agent closes it", nobody: "When nobody came", timed_out: "When the customer was silent" };

export function Handoff({ board }) {
  const { settings } = board.handoff;
  const [isSaved, setSaved] = useState(false);
  const save = async (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.currentTarget));
    const times = Object.fromEntries(TIMES.map(([name]) => [name, fields[name] ? Number(fields[name]) : null]));
    const notices = Object.fromEntries(Object.keys(NOTICES).map((name) => [name, fields[name].trim() || null]));
    const { mode, routing, team } = fields;
    setSaved(false);
    setSaved(Boolean(await operate("/api/accounts/handoff", { account: board.account, settings: { mode, routing, team: team.trim() || null, ...times, notices } })));
  };
  return (
    <section class="connect">
      <h2>How conversations are handed over</h2>
      <Which board={board} />
      <form onSubmit={save} onInput={() => setSaved(false)}>
        <label>Mode<Choice name="mode" all={MODES} value={settings.mode} /></label>
        <label>Routing<Choice name="routing" all={ROUTINGS} value={settings.routing} /></label>
        <label>Team<input name="team" defaultValue={settings.team ?? ""} placeholder="everybody" maxLength={40} /></label>
        {TIMES.map(([name, words, mayBeEmpty]) => (
          <label key={name}>{words} (seconds)<input name={name} type="number" min="1" max="2592000" defaultValue={settings[name] ?? ""} required={!mayBeEmpty} placeholder={mayBeEmpty ? "it does not" : undefined} /></label>
        ))}
        <p class="soft">What the customer is told; empty: nothing. {"{{ agent.name }}"} stands for the agent's name.</p>
        {Object.entries(NOTICES).map(([name, words]) => (
          <label key={name}>{words}<textarea name={name} rows={2} maxLength={1000} dir="auto" defaultValue={settings.notices[name] ?? ""} /></label>
        ))}
        <button class="primary">Save</button>
        {isSaved && <p role="status">Saved. It counts from the next handoff on.</p>}
      </form>
    </section>
  );
}

function Choice({ name, all, value }) {
  return <select name={name}>{Object.entries(all).map(([key, words]) => <option key={key} value={key} selected={key === value}>{words}</option>)}</select>;
}
