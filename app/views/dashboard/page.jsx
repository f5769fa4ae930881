// The dashboard: how it all stands, and what an operator can do about it.
import { TABS } from "../../dashboard.js";
import { Accounts } from "./accounts.jsx";
import { Events } from "./events.jsx";
import { Letters } from "./letters.jsx";
import { Overview } from "./overview.jsx";
import { People } from "./people.jsx";
import { Scripts } from "./scripts.jsx";
import { Webhooks } from "./webhooks.jsx";

const VIEWS = { overview: Overview, accounts: Accounts, scripts: Scripts, people: People, events: Events, webhooks: Webhooks, letters: Letters };

export function Dashboard({ state }) {
  const View = VIEWS[state.tab];
  // Without an account there is nothing to show of one.
  const isNobody = state.board.accounts?.accounts.length === 0;
  const isThere = Object.entries(TABS[state.tab].load).every(([name, path]) => state.board[name] || (isNobody && path.includes("{account}")));
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
