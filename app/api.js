// Calls to Perch. What it refuses is thrown, in its own words.
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? `Perch answers ${status}.`);
    this.status = status;
    this.mend = problem.what_to_do ?? "";
    this.steps = problem.steps;
  }
}

export const get = (path, query = {}) => call(`${path}${search(query)}`);
export const post = (path, body) => call(path, { method: "POST", body: JSON.stringify(body) });

export const put = (path, bytes) => call(path, { method: "POST", body: bytes });

export function search(query) {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return pairs.length ? `?${new URLSearchParams(pairs)}` : "";
}

/** X's ids exceed what a number holds here: where one stands as a number, its digits stay. */
const exact = (text) => JSON.parse(text, (_, value, { source } = {}) => (Number.isInteger(value) && !Number.isSafeInteger(value) && source && JSON.rawJSON ? JSON.rawJSON(source) : value));

async function call(path, init) {
  let answer;
  try {
    answer = await fetch(path, init);
  } catch {
    throw new Refused(0, { detail: "Perch cannot be reached.", what_to_do: "Look at the connection of this computer; nothing that you wrote is lost." });
  }
  if (answer.status === 401) {
    // The session is over. What was written stays in the browser.
    location.assign("/log-in");
  }
  const body = await answer.text().then(exact).catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, body);
  return body;
}
