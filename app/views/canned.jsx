// Texts that agents insert by name.
import { useState } from "preact/hooks";
import { tried } from "../acts.js";
import { get, post } from "../api.js";
import { change } from "../state.js";

export const loadCanned = () => tried(async () => change({ canned: (await get("/api/canned-answers")).canned_answers }));

/** `insert` gets the text; `text` is what can be saved as a new one. */
export function Canned({ all, text, customer, insert }) {
  const [name, setName] = useState("");
  const save = async (event) => {
    event.preventDefault();
    if (!name.trim() || !text.trim()) return;
    if (await tried(() => post("/api/canned-answers/save", { name, text }))) {
      setName("");
      await loadCanned();
    }
  };
  const remove = async (name) => {
    if (await tried(() => post("/api/canned-answers/delete", { name }))) await loadCanned();
  };
  return (
    <div class="canned" role="group" aria-label="Canned answers">
      {!all && <p class="resting">Loading …</p>}
      {all?.length === 0 && <p class="resting">None yet. Write an answer, give it a name below, and keep it.</p>}
      <ul>
        {all?.map((known) => (
          <li key={known.name}>
            <button type="button" class="insert" onClick={() => insert(known.text.replaceAll("{name}", () => customer))}>
              <strong>{known.name}</strong> <span>{known.text}</span>
            </button>
            <button type="button" class="quiet" aria-label={`Delete ${known.name}`} onClick={() => remove(known.name)}>×</button>
          </li>
        ))}
      </ul>
      <div class="keep">
        <input value={name} maxLength={60} placeholder="Name" aria-label="Name of the canned answer" onInput={(event) => setName(event.currentTarget.value)} />
        <button type="button" disabled={!name.trim() || !text.trim()} onClick={save}>Keep what is written</button>
      </div>
      <p class="hint">{"{name}"} stands for the customer's name.</p>
    </div>
  );
}
