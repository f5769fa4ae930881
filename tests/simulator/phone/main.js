// The phone: what you do goes to the simulator, what it knows is shown.
import { renderChat, setUpChat } from "./chat.js";
import { find } from "./element.js";
import { renderPeople, setUpPeople } from "./people.js";
import { renderPlan, setUpPlan } from "./plan.js";
import { act, listen } from "./talk.js";
import { renderPublic, setUpPublic } from "./public.js";
import { renderTrouble, setUpTrouble } from "./trouble.js";

const composer = find("#composer");
const words = composer.elements.text;
const send = find("#send");
const file = composer.elements.file;
const notice = find("#notice");

const TYPING_AGAIN_MS = 3_000;
const KEPT = "perch-phone-customer";

let state;
// One of several phones beside each other is always the same customer's.
const alone = new URLSearchParams(location.search).get("customer") ?? undefined;
document.body.classList.toggle("alone", alone !== undefined);
let customer = alone ?? sessionStorage.getItem(KEPT) ?? undefined;
let stop = () => {};
let typedAt = 0;
let lost = false;
let complaint = "";
// Written before it was known to whom: it goes once that is.
let wasWritten = false;
// A deep link to a welcome message, as X's own links write it.
let deepLink = new URLSearchParams(location.search).get("welcome_message_id") ?? undefined;
const opened = new Set();
const drafts = new Map();
const read = new Map();

setUpChat();
setUpPeople(choose);
setUpTrouble(() => customer, complain);
setUpPlan(() => customer, complain);
setUpPublic(() => customer, complain);
setUpComposer();
addEventListener("visibilitychange", markRead);
begin();

function begin() {
  stop();
  stop = listen(customer, { onState: show, onLost: () => showLost(true) });
}

function show(news) {
  state = news;
  customer = news.customer;
  if (!alone) sessionStorage.setItem(KEPT, customer);
  find("#account-name").textContent = news.account.name;
  find("#account-username").textContent = `@${news.account.username}`;
  words.setAttribute("aria-label", `Message to ${news.account.name}`);
  find("#log").setAttribute("aria-label", `Conversation with ${news.account.name}`);
  renderPeople(news);
  renderChat(news, tap);
  renderTrouble(news);
  renderPlan(news);
  renderPublic(news);
  showLost(false);
  open();
  markRead();
  if (wasWritten) write();
}

/** Coming to a conversation shows its welcome message, when X has one to show; once for each customer and visit. */
function open() {
  if (opened.has(customer)) return;
  opened.add(customer);
  act(`${mine()}/opens`, { welcome_message_id: deepLink }).catch(() => {});
  deepLink = undefined;
}

function choose(id) {
  drafts.set(customer, words.value);
  customer = id;
  words.value = drafts.get(id) ?? "";
  resize();
  begin();
}

function setUpComposer() {
  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    write();
  });
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    write();
  });
  words.addEventListener("input", () => {
    resize();
    if (!state || words.value.trim() === "" || Date.now() - typedAt < TYPING_AGAIN_MS) return;
    typedAt = Date.now();
    act(`${mine()}/typing`).catch(() => {});
  });
  find("#attach").addEventListener("click", () => file.click());
  file.addEventListener("change", sendFile);
  resize();
  if (matchMedia("(pointer: fine)").matches) words.focus();
}

async function write() {
  const text = words.value.trim();
  wasWritten = !state && text !== "";
  if (text === "" || !state) return;
  words.value = "";
  resize();
  try {
    await act(`${mine()}/messages`, { text });
    typedAt = 0;
    complain();
  } catch (error) {
    if (words.value === "") words.value = text;
    resize();
    complain(error);
  }
}

/** The picture goes with what is written so far. */
async function sendFile() {
  const [chosen] = file.files;
  if (!chosen || !state) return;
  const text = words.value.trim();
  file.value = "";
  try {
    await act(`${mine()}/files`, { text, type: chosen.type, data: await base64(chosen) });
    words.value = "";
    resize();
    complain();
  } catch (error) {
    complain(error);
  }
}

async function base64(blob) {
  const reader = new FileReader();
  const read = new Promise((resolve, reject) => {
    reader.onload = resolve;
    reader.onerror = () => reject(reader.error);
  });
  reader.readAsDataURL(blob);
  await read;
  return reader.result.slice(reader.result.indexOf(",") + 1);
}

async function tap(prompt, option) {
  try {
    await act(`${mine()}/taps`, { event_id: prompt, option });
    complain();
    words.focus({ preventScroll: true });
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}

/** What is in view has been read; X tells the brand so. */
function markRead() {
  const newest = state?.messages.findLast((message) => message.direction === "in" && message.id !== "welcome");
  if (!newest || document.visibilityState !== "visible" || read.get(customer) === newest.id) return;
  read.set(customer, newest.id);
  const unread = state.customers.find((person) => person.id === customer)?.unread ?? 0;
  if (unread > 0) act(`${mine()}/read`, { event_id: newest.id }).catch(() => {});
}

function mine() {
  return `/sim/customers/${encodeURIComponent(customer)}`;
}

function complain(error) {
  complaint = error ? `Not done: ${error.message}` : "";
  showNotice();
}

function showLost(now) {
  lost = now;
  showNotice();
}

function showNotice() {
  const text = lost ? "The simulator does not answer. Trying again …" : complaint || standing();
  if (notice.textContent !== text) notice.textContent = text;
  notice.hidden = text === "";
}

/** Whether anybody hears what is written here. */
function standing() {
  if (!state) return "";
  const { name } = state.account;
  if (!state.subscribed) return `Nobody is listening yet: no webhook gets the messages of ${name}. npm start connects it.`;
  if (!state.webhook?.valid) return `X takes the webhook of ${name} for invalid and delivers nothing to it until it is validated again.`;
  return "";
}

function resize() {
  send.disabled = words.value.trim() === "";
  // Where field-sizing is unknown.
  if (CSS.supports("field-sizing", "content")) return;
  words.style.height = "auto";
  words.style.height = `${words.scrollHeight}px`;
}
