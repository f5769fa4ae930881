// The people who answer, and how an account hands over to them.
import { useState } from "preact/hooks";
import { operate } from "../../dashboard.js";
import { since } from "../../words.js";
import { Handoff } from "./handoff.jsx";

export function People({ board }) {
  const [password, setPassword] = useState();
  const told = async (path, body) => {
    const done = await operate(path, body);
    if (done?.password) setPassword(done);
    return done;
  };
  return (
    <>
      {password && <p class="well" role="status">The password of {password.login} is <code>{password.password}</code>. It is shown this once; they log in at /log-in and can change it behind their name at the top.</p>}
      <table>
        <caption>People who answer</caption>
        <thead><tr><th scope="col">Name</th><th scope="col">Role</th><th scope="col">Teams</th><th scope="col">Is there</th><th scope="col">Has</th><th scope="col">Profile</th><th scope="col"><span class="hidden">Acts</span></th></tr></thead>
        <tbody>{board.agents.agents.map((row) => <Agent key={row.id} row={row} told={told} />)}</tbody>
      </table>
      {board.agents.agents.length === 0 && <p class="resting">Nobody yet.</p>}
      <Add told={told} />
      {board.handoff && <Handoff key={board.account} board={board} />}
    </>
  );
}

function Agent({ row, told }) {
  const remove = () => confirm(`Delete ${row.name}? What they have goes to the others.`) && operate("/api/agents/remove", { login: row.login });
  const anew = () => confirm(`Make a new password for ${row.name}? Every session of theirs ends.`) && told("/api/agents/change", { login: row.login, password: true });
  return (
    <tr>
      <th scope="row"><bdi>{row.name}</bdi><br /><small>{row.login}</small></th>
      <td>{row.role}</td>
      <td>{row.teams || "–"}</td>
      <td>{row.presence}{row.seen_at ? <small> seen {since(row.seen_at)} ago</small> : null}</td>
      <td>{row.holds} of {row.at_once}</td>
      <td>{row.profile ?? "–"}</td>
      <td>
        <Edit row={row} told={told} />
        <button onClick={anew}>New password</button> <button onClick={remove}>Delete</button>
      </td>
    </tr>
  );
}

function Edit({ row, told }) {
  const save = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (await told("/api/agents/change", { login: row.login, ...asked(form) })) form.closest("details").open = false;
  };
  return (
    <details class="edit">
      <summary>Change</summary>
      <form onSubmit={save}><Fields row={row} /><button>Save</button></form>
    </details>
  );
}

function Add({ told }) {
  const add = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const { login } = Object.fromEntries(new FormData(form));
    if (await told("/api/agents/add", { login, ...asked(form) })) form.reset();
  };
  return (
    <details class="edit">
      <summary>Add somebody</summary>
      <form onSubmit={add}>
        <label>Logs in as<input name="login" required autocomplete="off" autocapitalize="none" pattern="[A-Za-z0-9._+@\-]+" title="Letters, digits and . _ + - @" /></label>
        <Fields row={{ name: "", role: "agent", teams: "", at_once: 5, profile: "" }} />
        <button>Add</button>
      </form>
    </details>
  );
}

function Fields({ row }) {
  return (
    <>
      <label>Name that customers read<input name="name" defaultValue={row.name} required maxLength={80} autocomplete="off" /></label>
      <label>Role<select name="role"><option value="agent">agent</option><option value="admin" selected={row.role === "admin"}>admin: may do everything here</option></select></label>
      <label>Teams, separated by spaces<input name="teams" defaultValue={row.teams} autocomplete="off" /></label>
      <label>Conversations offered at a time<input name="at_once" type="number" min="1" max="100" defaultValue={row.at_once} required /></label>
      <label>Profile of the script that customers see<input name="profile" defaultValue={row.profile ?? ""} placeholder="the account itself" maxLength={80} autocomplete="off" /></label>
    </>
  );
}

function asked(form) {
  const { name, role, teams, at_once, profile } = Object.fromEntries(new FormData(form));
  return { name, role, teams: teams.split(/[\s,]+/).filter(Boolean), at_once: Number(at_once), profile };
}
