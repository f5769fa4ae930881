// What an account says: the versions of its script, and where in it the customers are.
import { choose, operate } from "../../dashboard.js";
import { clock, day } from "../../words.js";
import { Flow } from "./flow.jsx";
import { Which } from "./which.jsx";

export function Scripts({ board }) {
  if (!board.scripts || !board.flow) return <p class="resting">No account is connected yet.</p>;
  const { scripts } = board.scripts;
  const { flow } = board;
  const back = (version) =>
    confirm(`Publish version ${version} again? Welcome messages and profiles on X follow it.`) && operate("/api/scripts/rollback", { account: board.account, version });
  return (
    <>
      <Which board={board} />
      <h2>{flow.name}{flow.version ? `, version ${flow.version}` : ": the script that every deployment brings"}</h2>
      <Flow flow={flow} />
      <table>
        <caption>Versions</caption>
        <thead><tr><th scope="col">Version</th><th scope="col">Name</th><th scope="col">Published</th><th scope="col"><span class="hidden">Acts</span></th></tr></thead>
        <tbody>
          {scripts.map((row) => (
            <tr key={row.version}>
              <th scope="row">{row.version}{row.live ? " (live)" : ""}</th>
              <td>{row.name}</td>
              <td>{day(row.at)}, {clock(row.at)}</td>
              <td>
                <button disabled={flow.version === row.version} onClick={() => choose({ version: row.version })}>Show</button>
                {!row.live && <button onClick={() => back(row.version)}>Publish again</button>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {scripts.length === 0 && <p class="resting">None was published: perch apply bot.yaml does it.</p>}
    </>
  );
}
