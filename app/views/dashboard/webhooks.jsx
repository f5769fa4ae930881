// Where X delivers, and whose events.
import { move, operate } from "../../dashboard.js";

export function Webhooks({ board }) {
  const { webhooks, subscriptions, accounts } = board;
  return (
    <>
      <table>
        <caption>Webhooks of the app on X</caption>
        <thead><tr><th scope="col">Address</th><th scope="col">Valid</th><th scope="col">Id</th><th scope="col"><span class="hidden">Acts</span></th></tr></thead>
        <tbody>
          {webhooks.webhooks.map((row) => (
            <tr key={row.id}>
              <th scope="row">{row.url}</th>
              <td>{row.valid ? "yes" : <span class="bad">no: X delivers nothing</span>}</td>
              <td><code>{row.id}</code></td>
              <td>
                <button onClick={() => operate("/api/webhooks/validate", { id: row.id })}>Validate</button>
                <button onClick={() => confirm(`Delete the webhook ${row.url}? X delivers nothing to it any more.`) && operate("/api/webhooks/delete", { id: row.id })}>Delete</button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {webhooks.webhooks.length === 0 && <p class="resting">None. Connecting an account makes one.</p>}
      <p class="filters">
        <button onClick={() => operate("/api/webhooks/register", {})}>Register this deployment</button>
        <button onClick={() => confirm("Move the webhook and every subscription to PUBLIC_URL?") && move()}>Move to PUBLIC_URL</button>
      </p>
      <Subscriptions subscriptions={subscriptions} accounts={accounts.accounts} webhooks={webhooks.webhooks} />
    </>
  );
}

/** Whose events X delivers, and to which webhook. */
function Subscriptions({ subscriptions: { used, allowed, subscriptions }, accounts, webhooks }) {
  const rows = subscriptions.flatMap(({ webhook, accounts: ids }) => ids.map((id) => ({ id, webhook })));
  const nameOf = (id) => accounts.find((account) => account.id === id)?.username;
  // Those that hear through another product of X stand in its list.
  const isOfThese = ({ webhook_id: id }) => !id || webhooks.some((webhook) => webhook.id === id);
  const missing = accounts.filter((account) => isOfThese(account) && !rows.some((row) => row.id === account.id));
  const end = (id) => confirm(`End the subscription of @${nameOf(id)}? X delivers nothing of it until it is added again.`) && operate("/api/subscriptions/delete", { account: id });
  return (
    <>
      <table>
        <caption>Whose events X delivers{allowed !== null && ` (${used} of ${allowed})`}</caption>
        <thead><tr><th scope="col">Account</th><th scope="col">To</th><th scope="col"><span class="hidden">Acts</span></th></tr></thead>
        <tbody>
          {rows.map(({ id, webhook }) => (
            <tr key={`${id} ${webhook.id}`}>
              <th scope="row">{nameOf(id) ? `@${nameOf(id)}` : id}</th>
              <td>{webhook.url}</td>
              <td>{nameOf(id) && <button onClick={() => end(id)}>End</button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {missing.map((account) => (
        <p key={account.id} class="bad">X delivers nothing of @{account.username}. <button onClick={() => operate("/api/subscriptions/add", { account: account.id })}>Subscribe it</button></p>
      ))}
    </>
  );
}
