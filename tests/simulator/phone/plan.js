// What X offers the app: which doors are open, how the brand is heard, and how many messages it may still send.
import { element, find } from "./element.js";
import { act } from "./talk.js";

const SWITCHES = [
  ["v1_closed", "v1.1 closed (453)", "As for a new app: no quick replies, no buttons, no typing."],
  ["v2_closed", "v2 closed (403)", "As for an app outside a project with Direct Messages; with v1.1 closed too, the account rests."],
  ["fifteen", "15 messages in 15 minutes", "X's own number for v2. Off: 1,000, as by contract."],
  ["new_signature", "New signature alone", "Deliveries are signed with the client secret of OAuth 2.0 and nothing else."],
];

const switches = find("#plan");
const hearing = find("#hearing");
const budget = find("#budget");

export function setUpPlan(currentCustomer, complain) {
  switches.append(...SWITCHES.map(([name, title, hint]) => switchFor(name, title, hint, complain)));
  find("#encrypted").addEventListener("click", () => {
    act(`/sim/customers/${encodeURIComponent(currentCustomer())}/encrypted`).catch(complain);
  });
}

export function renderPlan({ plan }) {
  for (const button of switches.children) button.setAttribute("aria-checked", String(plan.switches[button.dataset.plan]));
  hearing.textContent = heard(plan.hears);
  budget.textContent = `${left("v2", plan.budget.v2)} ${left("v1.1", plan.budget.v1)}`;
}

function switchFor(name, title, hint, complain) {
  const words = element("span", {}, title, element("small", {}, hint));
  const button = element("button", { type: "button", class: "switch", role: "switch", "aria-checked": "false", "data-plan": name }, words, element("i", { "aria-hidden": "true" }));
  button.addEventListener("click", () => {
    act("/sim/plan", { plan: name, on: button.getAttribute("aria-checked") !== "true" }).catch(complain);
  });
  return button;
}

/** The brand chooses the product; here it is only shown. */
function heard({ account_activity: old, activity }) {
  const by = [];
  if (activity.length > 0) by.push(`X Activity (${activity.join(", ")})`);
  if (old) by.push("Account Activity");
  return by.length === 0 ? "The brand is heard by nobody." : `The brand is heard through ${by.join(" and ")}.`;
}

function left(version, windows) {
  const each = windows.map(({ used, limit, daily, renewed_in_ms: wait }) => {
    const until = used === 0 ? "" : `, anew at ${new Date(Date.now() + wait).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}`;
    return `${used} of ${limit}${daily ? " today" : ""}${until}`;
  });
  return `Sent by ${version}: ${each.join("; ")}.`;
}
