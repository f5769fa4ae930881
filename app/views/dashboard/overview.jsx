// How it stands: what is wrong first, then numbers, then their course.
import { operate } from "../../dashboard.js";
import { idOf, keyOf } from "../../state.js";
import { clock, day, nameOf, since } from "../../words.js";
import { Chart } from "../chart.jsx";

const seconds = (ms) => (ms === null ? "–" : ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`);
const ago = (at) => (at ? `${since(at)} ago` : "never");

export function Overview({ board }) {
  const { health, metrics, costs } = board;
  const { under_way: now, answer_ms: took } = metrics;
  return (
    <>
      <Problems problems={health.problems} />
      <Paused rows={metrics.paused_conversations} />
      <ul class="tiles">
        <Tile name="X delivered last" value={ago(health.last_event_at)} />
        <Tile name="X's last challenge" value={ago(health.last_crc_at)} />
        <Tile name="Events waiting" value={now.new_events} more={now.oldest_event && `oldest ${since(now.oldest_event)}`} />
        <Tile name="Messages owed" value={now.owed} more={now.oldest_owed && `oldest ${since(now.oldest_owed)}`} />
        <Tile name="Customers waiting" value={now.waiting} more={now.oldest_waiting && `longest ${since(now.oldest_waiting)}`} />
        <Tile name="With people" value={now.held} />
        <Tile name="Answer time, median" value={seconds(took.p50)} more={`95 %: ${seconds(took.p95)}, 99 %: ${seconds(took.p99)}, of ${took.of}`} />
        <Tile name="Spilled" value={now.spilled} more={now.oldest_spilled && `oldest ${since(now.oldest_spilled)}`} />
        <Tile name="Dead letters" value={now.dead_letters} />
      </ul>
      <Course costs={costs.costs} errors={metrics.errors_by_day} />
      <Errors errors={metrics.errors} />
    </>
  );
}

function Problems({ problems }) {
  if (!problems.length) return <p class="well" role="status">All is well.</p>;
  return (
    <ul class="problems" aria-label="What is wrong">
      {problems.map((problem) => (
        <li key={problem.what}><strong>{problem.cause}</strong> {problem.what_to_do} <small>since {since(problem.since)}, {problem.what}</small></li>
      ))}
    </ul>
  );
}

/** Conversations in which the bot has answered too often. */
function Paused({ rows }) {
  if (!rows.length) return null;
  return (
    <ul class="problems" aria-label="Paused conversations">
      {rows.map((row) => (
        <li key={keyOf(idOf(row))}>
          <a href={`#/${row.account_id}/${row.customer_id}`}><bdi>{nameOf(row)}</bdi></a>: the bot has answered 20 times in five minutes and says nothing until {clock(row.paused_until)}.
          <button onClick={() => operate("/api/inbox/resume", idOf(row))}>Let it answer</button>
        </li>
      ))}
    </ul>
  );
}

function Tile({ name, value, more }) {
  return <li class="tile"><span class="value">{value}</span><span class="name">{name}</span>{more && <span class="more-of">{more}</span>}</li>;
}

/** Messages, costs, and what X said no to, by the day. */
function Course({ costs, errors }) {
  const days = Array.from({ length: 30 }, (_, back) => new Date(Date.now() - (29 - back) * 86_400_000).toISOString().slice(0, 10));
  const at = days.map((text) => Date.parse(text) / 1000);
  const sum = (fits, of) => days.map((text) => costs.filter((row) => row.day === text && fits(row)).reduce((total, row) => total + row[of], 0));
  const messages = [at, sum((row) => row.what === "dm.received", "count"), sum((row) => row.what === "dm.sent", "count")];
  const failed = errorsOf(errors, days);
  const usd = [at, sum(() => true, "usd")];
  return (
    <div class="charts">
      <figure><figcaption>Messages a day</figcaption><Chart data={messages} names={["received", "sent"]} /></figure>
      <figure><figcaption>What X bills a day by its list prices (USD)</figcaption><Chart data={usd} names={["USD"]} /></figure>
      <figure><figcaption>Messages a day that were not sent, by X's code</figcaption>{failed.names.length ? <Chart key={failed.names.join()} data={[at, ...failed.courses]} names={failed.names} /> : <p class="resting">None in thirty days.</p>}</figure>
    </div>
  );
}

const MOST_REASONS = 4;

/** The most frequent reasons, each with its course over the days. */
function errorsOf(errors, days) {
  const name = (reason) => String(reason ?? "other");
  const sums = new Map();
  for (const { reason, count } of errors) sums.set(name(reason), (sums.get(name(reason)) ?? 0) + count);
  const names = [...sums].sort(([, one], [, other]) => other - one).slice(0, MOST_REASONS).map(([reason]) => reason);
  const on = (text, reason) =>
    errors.filter((row) => name(row.reason) === reason && new Date(row.day).toISOString().startsWith(text)).reduce((sum, row) => sum + row.count, 0);
  return { names, courses: names.map((reason) => days.map((text) => on(text, reason))) };
}

function Errors({ errors }) {
  if (!errors.length) return null;
  return (
    <table>
      <caption>What X said no to within a day</caption>
      <thead><tr><th scope="col">Code</th><th scope="col">Said</th><th scope="col">Times</th><th scope="col">Last</th></tr></thead>
      <tbody>{errors.map((row) => <tr key={`${row.code} ${row.name} ${row.status}`}><td>{row.code ?? row.name ?? row.status ?? "–"}</td><td>{row.said}</td><td>{row.count}</td><td>{day(row.last_at)}</td></tr>)}</tbody>
    </table>
  );
}
