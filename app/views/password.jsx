// The agent's own password, changed by themselves; elsewhere they are logged out by it.
import { useEffect, useRef, useState } from "preact/hooks";
import { toldOf } from "../acts.js";
import { post } from "../api.js";

export function Password({ me, close }) {
  const sheet = useRef(null);
  const [isSaved, setSaved] = useState(false);
  const [trouble, setTrouble] = useState();
  useEffect(() => sheet.current.showModal(), []);
  const save = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const { old, fresh } = Object.fromEntries(new FormData(form));
    setSaved(false);
    setTrouble(undefined);
    // What is wrong is told here: the rest of the page lies behind.
    try {
      await post("/api/me/password", { old, new: fresh });
      form.reset();
      setSaved(true);
    } catch (refused) {
      setTrouble(toldOf(refused));
    }
  };
  return (
    <dialog class="password" aria-labelledby="password" ref={sheet} onClose={close}>
      <h2 id="password">Change your password</h2>
      <form onSubmit={save}>
        <input type="hidden" name="login" autocomplete="username" value={me.login} />
        <label>Old password<input name="old" type="password" autocomplete="current-password" required maxLength={200} /></label>
        <label>New password, of ten characters or more<input name="fresh" type="password" autocomplete="new-password" required minLength={10} maxLength={200} /></label>
        {trouble && <p role="alert" class="bad">{trouble.said} {trouble.mend}</p>}
        {isSaved && <p role="status">Your password is changed. Wherever else you were logged in, you are no longer.</p>}
        <p><button class="primary">Change it</button> <button type="button" class="quiet" onClick={() => sheet.current.close()}>Done</button></p>
      </form>
    </dialog>
  );
}
