// The whole page: on a wide screen list, conversation and card beside each other; on a telephone one of them.
import { Card } from "./card.jsx";
import { Dashboard } from "./dashboard/page.jsx";
import { Header } from "./header.jsx";
import { List } from "./list.jsx";
import { Offers } from "./offers.jsx";
import { Thread } from "./thread.jsx";
import { Trouble } from "./trouble.jsx";

export function Page({ state }) {
  if (!state.me) return state.trouble ? <Trouble trouble={state.trouble} /> : <p class="resting">Opening …</p>;
  const asked = (state.mine ?? []).filter((row) => row.status === "waiting");
  const unread = (state.mine ?? []).reduce((sum, row) => sum + (row.unread || 0), 0);
  document.title = asked.length + unread ? `(${asked.length + unread}) Perch` : "Perch";
  return (
    <div class={state.open ? "page has-open" : "page"}>
      <Header me={state.me} connected={state.connected} tab={state.tab} />
      <Offers rows={asked} me={state.me} />
      <Trouble trouble={state.trouble} />
      {state.tab ? <Dashboard state={state} /> : <Inbox state={state} />}
    </div>
  );
}

function Inbox({ state }) {
  return (
    <>
      <List state={state} />
      {state.open ? <Thread state={state} /> : <main class="thread none"><p>Choose a conversation.</p></main>}
      {state.open && state.thread && <Card state={state} isOver={state.about} />}
    </>
  );
}
