// Makes elements. Whatever is said goes in as text, never as markup.

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

export const find = (selector) => document.querySelector(selector);

/** A circle with the first letter of a name, coloured by it. */
export function avatar(name) {
  const circle = element("span", { class: "avatar", "aria-hidden": "true" }, [...name.trim().toUpperCase()][0] ?? "?");
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0) * 137) % 360, 0);
  circle.style.setProperty("--hue", hue);
  return circle;
}
