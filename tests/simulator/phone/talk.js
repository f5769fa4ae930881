// How the page talks to the simulator: acts as JSON, news as a stream.

/** Sends one act after the other, so that two quick messages keep their order. */
let last = Promise.resolve();

export function act(path, body = {}) {
  const sent = last.then(() => post(path, body));
  last = sent.catch(() => {});
  return sent;
}

async function post(path, body) {
  const response = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `HTTP ${response.status}`);
  return answer;
}

/** Listens to one customer's state; gives what ends the listening. */
export function listen(customer, { onState, onLost }) {
  const source = new EventSource(`/sim/events?customer=${encodeURIComponent(customer ?? "")}`);
  source.onmessage = (event) => onState(JSON.parse(event.data));
  source.onerror = onLost;
  return () => source.close();
}
