// What crosses between the runtime and the program for every call of X, in as few crossings as it takes.
import { settled } from "perch";

/** Method, address, length, and what X signs with: a line each, empty where there is none. */
export function head({ method, url, headers }) {
  const header = (name) => headers.get(name) ?? "";
  return `${method}\n${url}\n${header("content-length")}\n${header("x-twitter-webhooks-signature")}\n${header("x-twitter-webhooks-signature-oauth2")}`;
}

const NOW = { contentType: "text" };

/** Text, since a structured value would not survive the crossing (maps become {}). */
export function send({ QUEUE }, text, delaySeconds) {
  return QUEUE.send(text, delaySeconds === 0 ? NOW : { ...NOW, delaySeconds });
}

/** Tells the program what the promise at `place` becomes, and whether it was kept. */
export function settle(promise, place) {
  Promise.resolve(promise).then(
    (value) => settled(place, value, true),
    (error) => settled(place, error, false),
  );
}

let generations = 0;

/** Counts the instances of the program. */
export function generation() {
  return ++generations;
}
