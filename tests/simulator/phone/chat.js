// The conversation: bubbles, quick replies, typing, what was seen.
import { element, find } from "./element.js";

const scroll = find("#scroll");
const log = find("#log");
const typing = find("#typing");
const options = find("#options");
const toNewest = find("#to-newest");
const empty = find("#empty");

const GROUPED_WITHIN_MS = 120_000;
const NEAR_THE_END_PX = 80;

let customer;
let typingEnds;

export function setUpChat() {
  toNewest.addEventListener("click", goToNewest);
  scroll.addEventListener("scroll", () => {
    if (isAtEnd()) toNewest.hidden = true;
  });
  // Quick replies and the composer take room from below: what was in view stays there.
  new ResizeObserver(() => {
    if (toNewest.hidden) goToNewest();
  }).observe(scroll);
}

export function renderChat(state, tap) {
  const changed = state.customer !== customer;
  customer = state.customer;
  if (changed) log.replaceChildren();
  const atEnd = changed || isAtEnd();
  const added = renderMessages(state);
  renderEmpty(state);
  renderOptions(state.messages.at(-1), tap);
  renderTyping(state);
  if (atEnd || added.some((message) => message.direction === "out")) goToNewest();
  else if (added.length > 0) toNewest.hidden = false;
}

function renderMessages({ messages, account }) {
  const known = new Map([...log.children].map((block) => [block.dataset.id, block]));
  const lastSeen = messages.findLast((message) => message.seen);
  const added = [];
  messages.forEach((message, index) => {
    const [before, after] = [messages[index - 1], messages[index + 1]];
    let block = known.get(message.id);
    known.delete(message.id);
    if (!block) {
      block = messageBlock(message, account);
      added.push(message);
    }
    if (log.children[index] !== block) log.insertBefore(block, log.children[index] ?? null);
    const last = !isGrouped(message, after);
    block.className = `message ${message.direction}${isGrouped(before, message) ? "" : " first"}${last ? " last" : ""}`;
    setText(block.querySelector(".day"), isSameDay(before, message) ? "" : day(message.at_ms));
    setText(block.querySelector(".meta"), meta(message, last, message === lastSeen));
  });
  known.forEach((gone) => gone.remove());
  return added;
}

function messageBlock(message, account) {
  const bubble = element("div", { class: "bubble", "data-event-id": message.id, "data-direction": message.direction });
  bubble.append(...textWithLinks(message));
  // A picture alone has nothing to say.
  bubble.hidden = message.text === "";
  const said = message.direction === "in" ? `${account.name}: ` : "You: ";
  const block = element("div", { "data-id": message.id }, element("p", { class: "day" }), element("span", { class: "said" }, said), element("p", { class: "speaker" }), bubble);
  // Who speaks, where the account lets somebody else's name and face speak for it.
  const speaker = block.querySelector(".speaker");
  setText(speaker, message.speaker?.name ?? "");
  if (message.speaker) speaker.prepend(element("img", { src: message.speaker.picture, alt: "", width: "20", height: "20" }));
  if (message.picture) bubble.before(picture(message.picture, message.direction));
  block.append(...message.buttons.map(({ label, url }) => link(url, label, "cta")), element("p", { class: "meta" }));
  return block;
}

function picture({ url, kind }, from) {
  if (kind === "video") return element("video", { class: "picture", src: url, controls: "" });
  const image = element("img", { class: "picture", src: url, alt: from === "in" ? "A picture from the account" : "Your picture" });
  // Its height comes late; who was at the end stays there.
  image.addEventListener("load", () => {
    if (toNewest.hidden) goToNewest();
  });
  return image;
}

/** The text with X's short links shown as what they stand for. */
function textWithLinks({ text, links }) {
  const parts = [];
  let rest = text;
  for (const { short, long } of links) {
    const at = rest.indexOf(short);
    if (at < 0) continue;
    parts.push(rest.slice(0, at), link(long, long.replace(/^https?:\/\//i, ""), undefined));
    rest = rest.slice(at + short.length);
  }
  return [...parts, rest];
}

function link(url, label, kind) {
  // Anything else than a web address is shown and leads nowhere.
  const href = /^https?:\/\//i.test(url) ? url : undefined;
  return element("a", { class: kind, href, target: "_blank", rel: "noopener noreferrer" }, label);
}

function renderOptions(newest, tap) {
  const offered = newest?.direction === "in" ? newest.options : [];
  const prompt = offered.length > 0 ? newest.id : "";
  options.hidden = offered.length === 0;
  if (options.dataset.prompt === prompt) return;
  options.dataset.prompt = prompt;
  options.classList.toggle("described", offered.some((option) => option.description));
  options.replaceChildren(...offered.map(({ label, description }, index) => {
    const button = element("button", { type: "button", "data-option": index }, label);
    if (description) button.append(element("small", {}, description));
    button.addEventListener("click", async () => {
      for (const each of options.children) each.disabled = true;
      if (await tap(prompt, index)) return;
      for (const each of options.children) each.disabled = false;
    });
    return button;
  }));
}

function renderTyping({ typing_for_ms: left, account }) {
  clearTimeout(typingEnds);
  if (left === 0) return typing.replaceChildren();
  if (!typing.hasChildNodes()) {
    const dots = [1, 2, 3].map(() => element("b", { class: "dot", "aria-hidden": "true" }));
    typing.append(element("span", { class: "said" }, `${account.name} is typing`), ...dots);
  }
  typingEnds = setTimeout(() => typing.replaceChildren(), left);
}

function renderEmpty({ messages, account, customer: id, customers }) {
  empty.hidden = messages.length > 0;
  setText(empty.querySelector(".title"), account.name);
  const you = customers.find((person) => person.id === id);
  setText(empty.querySelector(".hint"), `You are ${you?.name ?? "a customer"}. Say hello.`);
}

function meta({ at_ms: at, direction }, last, seen) {
  const time = new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  if (direction === "out" && seen) return `${time} · Seen`;
  return last ? time : "";
}

function day(at) {
  const date = new Date(at);
  const today = new Date();
  if (date.toDateString() === today.toDateString()) return "Today";
  return date.toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
}

function isSameDay(a, b) {
  return Boolean(a) && new Date(a.at_ms).toDateString() === new Date(b.at_ms).toDateString();
}

function isGrouped(a, b) {
  return Boolean(a && b) && a.direction === b.direction && b.at_ms - a.at_ms < GROUPED_WITHIN_MS && isSameDay(a, b);
}

function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
  target.hidden = text === "";
}

function isAtEnd() {
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_THE_END_PX;
}

function goToNewest() {
  scroll.scrollTop = scroll.scrollHeight;
  toNewest.hidden = true;
}
