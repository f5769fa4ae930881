// The top of the page: who is logged in, and whether conversations are offered to them.
import { useState } from "preact/hooks";
import { logOut, presence } from "../acts.js";
import { Password } from "./password.jsx";

export function Header({ me, connected, tab }) {
  const [isChanging, setChanging] = useState(false);
  const isThere = me.presence === "available";
  return (
    <header class="top">
      <h1>Perch</h1>
      <span class={connected ? "link" : "link broken"} role="status">{connected ? "live" : "connecting …"}</span>
      {me.role === "admin" && (
        <nav class="places" aria-label="Places">
          <a href="#/" aria-current={tab ? undefined : "page"}>Inbox</a>
          <a href="#/dashboard" aria-current={tab ? "page" : undefined}>Dashboard</a>
        </nav>
      )}
      <span class="space" />
      {me.id && (
        <button class={isThere ? "presence there" : "presence"} aria-pressed={isThere} onClick={() => presence(isThere ? "away" : "available")}>
          {isThere ? "Available" : "Away"}
        </button>
      )}
      {me.id ? <button class="quiet me" title="Change your password" onClick={() => setChanging(true)}>{me.name}</button> : <span class="me">{me.name}</span>}
      {isChanging && <Password me={me} close={() => setChanging(false)} />}
      <button class="quiet" onClick={logOut}>Log out</button>
    </header>
  );
}
