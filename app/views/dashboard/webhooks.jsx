// Where X delivers, and whose events.
import { operate } from "../../dashboard.js";

export function Webhooks({ board }) {
  const { webhooks, subscriptions } = board;
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
      <h2>Whose events X delivers</h2>
      <pre tabIndex={0}>{JSON.stringify(subscriptions, null, 2)}</pre>
    </>
  );
}
