// The accounts that are answered for: how each stands, switched on and off; and how another one is connected.
import { useState } from "preact/hooks";
import { operate } from "../../dashboard.js";
import { budgetOf, since } from "../../words.js";

export function Accounts({ board }) {
  const { accounts, health, costs } = board;
  return (
    <>
      <table>
        <caption>Accounts <small class="soft">X delivered last {health.last_event_at ? `${since(health.last_event_at)} ago` : "never"}</small></caption>
        <thead><tr><th scope="col">Account</th><th scope="col">State</th><th scope="col">Hears</th><th scope="col">Speaks</th><th scope="col">Script</th><th scope="col">Last message</th><th scope="col">May still send</th><th scope="col">Cost today</th><th scope="col"><span class="hidden">Acts</span></th></tr></thead>
        <tbody>
          {accounts.accounts.map((row) => (
            <tr key={row.id}>
              <th scope="row"><bdi>@{row.username}</bdi><br /><small>{row.name}</small></th>
              <td><State row={row} problems={health.problems} /></td>
              <td>{row.product ?? "–"}{row.webhook_url && <><br /><small>{row.webhook_url} <code>{row.webhook_id}</code></small></>}</td>
              <td>{row.speaks}{row.speaks_by === "hand" && " (chosen)"}</td>
              <td>{row.script_version ? `version ${row.script_version}` : "hello"}</td>
              <td>{row.last_message_at ? `${since(row.last_message_at)} ago` : "–"}{row.owed > 0 && <><br /><span class="bad">{row.owed} owed</span></>}</td>
              <td>{row.budgets.map((budget) => <Budget key={`${budget.whose} ${budget.window}`} budget={budget} />)}</td>
              <td>{costs.costs.filter((cost) => cost.account === row.id).reduce((sum, cost) => sum + cost.usd, 0).toFixed(2)} USD</td>
              <td>
                <button onClick={() => operate("/api/accounts/switch", { account: row.id, on: !row.is_on })}>{row.is_on ? "Switch off" : "Switch on"}</button>
                <Keep row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Connect />
    </>
  );
}

/** What is left of a window of X's. */
function Budget({ budget }) {
  const { left, text } = budgetOf(budget);
  return <span class={left === 0 ? "bad budget" : "budget"}>{text}</span>;
}

/** For how long what was said is kept. */
function Keep({ row }) {
  const save = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const text = new FormData(form).get("days").trim();
    if (await operate("/api/accounts/retention", { account: row.id, days: text === "" ? null : Number(text) })) form.closest("details").open = false;
  };
  const now = row.retention_days === null ? "as RETENTION_DAYS says" : row.retention_days === 0 ? "for ever" : `for ${row.retention_days} days`;
  return (
    <details class="edit">
      <summary>Messages are kept {now}</summary>
      <form onSubmit={save}>
        <label>Days (35 to 3650; 0: for ever; empty: as RETENTION_DAYS says)<input name="days" type="number" min="0" max="3650" defaultValue={row.retention_days ?? ""} /></label>
        <button>Save</button>
      </form>
    </details>
  );
}

/** What is wrong with the account, with the webhook through which it hears, or with all of them: it is well only without any of it. */
function State({ row, problems }) {
  const mine = problems.filter(({ what }) => !what.includes(":") || what.endsWith(`:${row.id}`) || what.endsWith(`:${row.webhook_id}`));
  if (mine.length) return mine.map((problem) => <p key={problem.what} class="bad">{problem.cause} {problem.what_to_do}</p>);
  if (row.status !== "ready") return <span class="bad">{row.status}</span>;
  if (!row.webhook_id) return <span class="bad">X delivers nothing: the account has no webhook.</span>;
  return row.is_on ? "well" : "off";
}

/** An address to sign in at, or the account's own tokens. */
function Connect() {
  const [invite, setInvite] = useState();
  const [report, setReport] = useState();
  const connect = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = Object.fromEntries(new FormData(form));
    const done = await operate("/api/accounts/connect", fields, (no) => setReport(no.steps));
    if (!done) return;
    setReport(done.steps);
    form.reset();
  };
  return (
    <section class="connect">
      <h2>Connect an account</h2>
      <p>Its owner signs in with X at an address that is good for an hour:</p>
      <p><button onClick={async () => setInvite(await operate("/api/invites", {}))}>Make an address</button></p>
      {invite && <p><a href={invite.url}>{invite.url}</a></p>}
      <details>
        <summary>Or with its tokens</summary>
        <form onSubmit={connect}>
          <label>Access token<input name="access_token" required autocomplete="off" /></label>
          <label>Its secret<input name="access_token_secret" type="password" required autocomplete="off" /></label>
          <button>Connect</button>
        </form>
        {report && <ol class="report">{report.map((step) => <li key={step.step}>{step.step}: {step.result}{step.cause && <span class="bad"> {step.cause} {step.what_to_do}</span>}</li>)}</ol>}
      </details>
    </section>
  );
}
