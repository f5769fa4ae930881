// Several customers beside each other: each is the phone in a frame of its own.
import { element, find } from "./element.js";

/** A browser keeps six connections to one address open, and every phone listens on one. */
const MOST = 4;
const chosen = find("#chosen");
const phones = find("#phones");
const { customers } = await (await fetch("/sim/state")).json();

for (const { id, name } of customers) {
  const box = element("input", { type: "checkbox", value: id, name: "customer" });
  box.checked = chosen.querySelectorAll("input").length < 3;
  chosen.append(element("label", {}, box, name));
}
chosen.addEventListener("change", show);
show();

/** A frame that is there already stays as it is. */
function show() {
  const ids = [...chosen.querySelectorAll(":checked")].map((box) => box.value);
  for (const box of chosen.querySelectorAll("input")) box.disabled = !box.checked && ids.length >= MOST;
  for (const figure of phones.querySelectorAll("figure")) if (!ids.includes(figure.dataset.customer)) figure.remove();
  for (const { id, name } of customers) {
    if (!ids.includes(id) || phones.querySelector(`[data-customer="${CSS.escape(id)}"]`)) continue;
    const frame = element("iframe", { src: `/?customer=${encodeURIComponent(id)}`, title: `The phone of ${name}` });
    phones.append(element("figure", { "data-customer": id }, element("figcaption", {}, name), frame));
  }
}
