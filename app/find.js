// What was said is looked for while somebody types; only the last search counts.
import { tried } from "./acts.js";
import { get } from "./api.js";
import { change, state } from "./state.js";

const PAUSE = 250;
let timer;

export function find(q) {
  clearTimeout(timer);
  if (!q.trim()) return change({ search: undefined });
  change(({ search }) => ({ search: { ...search, q } }));
  timer = setTimeout(look, PAUSE, q);
}

export const findMore = () => look(state().search.q, state().search.next);

const look = (q, before) =>
  tried(async () => {
    const { account } = state();
    const found = await get("/api/inbox/search", { q, account, before });
    change(({ search }) => {
      const isThere = before && search?.next !== before;
      if (search?.q !== q || state().account !== account || isThere) return {};
      return { search: before ? { ...search, next: found.next, messages: [...search.messages, ...found.messages] } : { q, ...found } };
    });
  });
