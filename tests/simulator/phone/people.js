// Who you are: one of the customers, or somebody new.
import { avatar, element, find } from "./element.js";
import { act } from "./talk.js";

const list = find("#customers");
const opener = find("#add-customer");
const form = find("#new-customer");
let shown = "";

export function renderPeople({ customers, customer }) {
  const now = JSON.stringify([customers, customer]);
  if (now === shown) return;
  shown = now;
  const focused = list.contains(document.activeElement);
  list.replaceChildren(...customers.map((person) => choice(person, person.id === customer)));
  const chosen = list.querySelector(":checked");
  chosen?.closest("label").scrollIntoView({ block: "nearest", inline: "nearest" });
  if (focused) chosen?.focus();
}

export function setUpPeople(choose) {
  list.addEventListener("change", (event) => choose(event.target.value));
  opener.addEventListener("click", () => show(form.hidden));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(false);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { id } = await act("/sim/customers", { name: form.elements.name.value });
    form.reset();
    show(false);
    choose(id);
  });
}

function show(open) {
  form.hidden = !open;
  opener.setAttribute("aria-expanded", String(open));
  (open ? form.elements.name : opener).focus();
}

function choice({ id, name, username, unread }, checked) {
  const input = element("input", { type: "radio", name: "customer", value: id, checked });
  const label = element("label", { title: `@${username}` }, input, avatar(name), element("span", {}, name));
  if (unread > 0 && !checked) label.append(element("span", { class: "unread", "aria-label": `${unread} not read` }, String(unread)));
  return label;
}
