// The drawer: switches for what goes wrong, a human of the brand, and what was asked of X.
import { element, find } from "./element.js";
import { act } from "./talk.js";

const SWITCHES = [
  ["lose_answer", "Lose the next answer", "X sends the message and never says so."],
  ["rate_limit", "Rate limit for a minute", "429 to everything about messages, with the time of its end."],
  ["unavailable", "X is down", "503 to every call."],
  ["refuse", "Nobody may write", "Every message is refused: its customer takes none (349)."],
  ["repeat", "Deliver everything twice", "The same event, two deliveries."],
  ["hold", "Hold deliveries back", "Let go in reverse order when you switch it off."],
  ["invalid", "Webhook invalid", "Nothing is delivered until it is validated again."],
];

const drawer = find("#trouble");
const opener = find("#open-trouble");
const switches = find("#switches");
const calls = find("#calls");
const replay = find("#replay");
let limitEnds;

export function setUpTrouble(currentCustomer, complain) {
  switches.append(...SWITCHES.map(([name, title, hint]) => switchFor(name, title, hint, complain)));
  opener.addEventListener("click", () => show(drawer.hidden));
  find("#close-trouble").addEventListener("click", () => show(false));
  drawer.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(false);
  });
  replay.addEventListener("click", () => act("/sim/replay").catch(complain));
  const inApp = find("#in-app");
  inApp.addEventListener("submit", (event) => {
    event.preventDefault();
    act("/sim/account/messages", { customer: currentCustomer(), text: inApp.elements.text.value }).then(() => inApp.reset(), complain);
  });
}

export function renderTrouble({ troubles, rate_limit_for_ms: limitedFor, webhook, missed, calls: all }) {
  for (const button of switches.children) {
    const on = troubles[button.dataset.trouble];
    button.setAttribute("aria-checked", String(on));
    button.disabled = button.dataset.trouble === "invalid" && !webhook;
  }
  opener.classList.toggle("on", Object.values(troubles).some(Boolean));
  replay.hidden = missed === 0;
  replay.textContent = missed === 1 ? "Deliver the one that was missed" : `Deliver the ${missed} that were missed`;
  calls.replaceChildren(...all.map(callLine));
  endLimit(limitedFor);
}

function switchFor(name, title, hint, complain) {
  const words = element("span", {}, title, element("small", {}, hint));
  const button = element("button", { type: "button", class: "switch", role: "switch", "aria-checked": "false", "data-trouble": name }, words, element("i", { "aria-hidden": "true" }));
  button.addEventListener("click", () => {
    act("/sim/trouble", { trouble: name, on: button.getAttribute("aria-checked") !== "true" }).catch(complain);
  });
  return button;
}

function callLine({ method, path, status, outcome }) {
  const line = element("li", { title: path }, element("b", {}, method), element("code", {}, path.replace(/^\/1\.1\//, "").replace(/\.json$/, "")), element("span", {}, status === null ? "–" : String(status)));
  // In X's numbers: all is well below 300.
  if (outcome !== "accepted") {
    line.classList.toggle("bad", status === null || status >= 300);
    line.append(element("span", { class: "how" }, outcome));
  }
  return line;
}

/** Nobody rings when the minute is over. */
function endLimit(left) {
  clearTimeout(limitEnds);
  if (left > 0) limitEnds = setTimeout(() => switches.querySelector("[data-trouble=rate_limit]").setAttribute("aria-checked", "false"), left);
}

function show(open) {
  drawer.hidden = !open;
  opener.setAttribute("aria-expanded", String(open));
  (open ? find("#close-trouble") : opener).focus();
}
