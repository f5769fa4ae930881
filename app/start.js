// The first look, and what the address says is open.
import { open, read, show, tried } from "./acts.js";
import { get } from "./api.js";
import { TABS, show as showTab } from "./dashboard.js";
import { restore } from "./drafts.js";
import { change, state } from "./state.js";

export async function start() {
  restore();
  addEventListener("hashchange", follow);
  document.addEventListener("visibilitychange", () => {
    const { open: which, thread } = state();
    if (which && thread) read(which, thread).catch(() => {});
  });
  const me = await tried(() => get("/api/me"));
  if (!me) return;
  change({ me });
  if (me.presence === "away" && me.id) show("mine");
  await follow();
}

/** `#/account/customer`, `#/account/customer/message`, or `#/dashboard/tab`. */
function follow() {
  const [, account, customer, message] = location.hash.split("/");
  const isBoard = account === "dashboard" && state().me.role === "admin";
  showTab(isBoard ? (customer in TABS ? customer : "overview") : undefined);
  if (isBoard) return open(undefined);
  return open(account && customer ? { account, customer } : undefined, message);
}
