// The dashboard: how it all stands, and what an operator can do about it.
import { TABS } from "../../dashboard.js";
import { Accounts } from "./accounts.jsx";
import { Events } from "./events.jsx";
import { Letters } from "./letters.jsx";
import { Overview } from "./overview.jsx";
import { Webhooks } from "./webhooks.jsx";

const VIEWS = { overview: Overview, accounts: Accounts, events: Events, webhooks: Webhooks, letters: Letters };

export function Dashboard({ state }) {
  const View = VIEWS[state.tab];
  const isThere = Object.keys(TABS[state.tab].load).every((name) => state.board[name]);
  return (
    <main class="board">
      <nav class="tabs" aria-label="Dashboard">
        {Object.entries(TABS).map(([tab, { name }]) => (
          <a key={tab} href={`#/dashboard/${tab}`} aria-current={tab === state.tab ? "page" : undefined}>{name}</a>
        ))}
      </nav>
      {isThere ? <View board={state.board} state={state} /> : <p class="resting">Loading …</p>}
    </main>
  );
}
