// What was found: customers by name, then messages with the words marked in them.
import { findMore } from "../find.js";
import { asWhom, nameOf, shortly } from "../words.js";

export function Found({ search, me }) {
  const { q, messages, customers, next, shortest } = search;
  if (!messages) return <p class="resting" role="status">Looking …</p>;
  const isNothing = messages.length + customers.length === 0;
  const isShort = q.split(/\s+/).every((word) => [...word].length < shortest);
  return (
    <div role="status">
      {isNothing && <p class="resting">{isShort ? `Nothing yet: words of ${shortest} letters and more are found in messages.` : "Nothing was said with these words."}</p>}
      <ul>
        {customers.map((row) => <Hit key={`${row.account_id}:${row.customer_id}`} row={row} me={me} at={row.updated_at} text={row.username && `@${row.username}`} words={[]} />)}
        {messages.map((row) => <Hit key={row.x_id} row={row} me={me} message={row.x_id} at={row.at} text={row.text} words={q.split(/\s+/).filter(Boolean)} />)}
      </ul>
      {next && <button class="more" onClick={findMore}>Show more</button>}
    </div>
  );
}

export function Hit({ row, me, message, at, text, words }) {
  const who = row.author && row.author !== "customer" ? (row.author === "bot" ? "Bot: " : "We: ") : "";
  return (
    <li>
      <a class="row hit" href={`#/${row.account_id}/${row.customer_id}${message ? `/${message}` : ""}`}>
        <span class="name"><bdi>{nameOf(row)}</bdi> <span class="as-whom">{asWhom(row, me)}</span></span>
        <time class="when" dateTime={new Date(at).toISOString()}>{shortly(at)}</time>
        <span class="hit-text" dir="auto">{who}<Marked text={text ?? ""} words={words} /></span>
      </a>
    </li>
  );
}

function Marked({ text, words }) {
  if (!words.length) return text;
  const any = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "giu");
  return text.split(any).map((part, place) => (place % 2 ? <mark key={place}>{part}</mark> : part));
}
