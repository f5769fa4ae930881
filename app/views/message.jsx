// One message, as the customer sees it; everything that comes from outside is text.
import { useState } from "preact/hooks";
import { act } from "../acts.js";
import { search } from "../api.js";
import { append } from "../drafts.js";
import { keyOf } from "../state.js";
import { clock, receivedName, stateOf } from "../words.js";

const WHO = { customer: "them", bot: "bot", human: "us" };

export function Message({ entry, which, seenTo, agents, isFound }) {
  const { body, author } = entry;
  const isOurs = author !== "customer";
  const state = isOurs ? (seenTo && seenTo >= entry.x_id ? "read" : "sent") : undefined;
  return (
    <article class={`message ${WHO[author] ?? "us"}${isFound ? " found" : ""}`} aria-current={isFound ? "true" : undefined}>
      {isOurs && <p class="by">{by(author, body, agents)}</p>}
      {body.media?.file && <Sent name={body.media.file} which={which} message={entry.x_id} />}
      <Body body={body} />
      {body.received && <Received kind={body.received} which={which} message={entry.x_id} />}
      <p class="under"><time dateTime={new Date(entry.at).toISOString()}>{clock(entry.at)}</time>{state && <span class={`state ${state}`}> · {state}</span>}</p>
    </article>
  );
}

/** What is not said yet, or could not be: its words and its file can go back into the draft. */
export function Unsaid({ row, which, agents }) {
  const isOver = row.status === "failed" || row.status === "doubtful";
  const edit = () => {
    const { text, options = [], buttons = [], media } = row.body;
    const file = row.file && { sha256: row.file, name: media?.file ?? "File" };
    append(keyOf(which), { text, options: options.map(({ label }) => label), buttons: buttons.filter(({ url }) => url), file });
    document.querySelector(".composer textarea")?.focus();
  };
  return (
    <article class={`message ${WHO[row.holder] ?? "us"} unsaid ${row.status}`}>
      <p class="by">{by(row.holder, row.body, agents)}</p>
      {row.body.media?.file && <p class="file">Picture: {row.body.media.file}</p>}
      <Body body={row.body} />
      <p class="under">
        <span class={`state ${row.status}`}>{stateOf(row.status)}</span>
        {row.why?.said && <span> · {row.why.said} {row.why.what_to_do}</span>}
      </p>
      {isOver && row.holder === "human" && <button class="quiet" onClick={edit}>Edit and send anew</button>}
      {isOver && <button class="quiet" onClick={() => act("dismiss", { message: row.id })}>Dismiss</button>}
    </article>
  );
}

function by(author, body, agents) {
  if (author === "bot") return body.profile ? `Bot · ${body.profile}` : "Bot";
  if (body.notice) return "Notice";
  return agents.find((agent) => agent.id === body.agent)?.name ?? "In X's app";
}

function Body({ body }) {
  return (
    <>
      {body.media?.url && <p class="file">Picture: <Words text={body.media.url} /></p>}
      {body.text && <p class="text" dir="auto"><Words text={body.text} /></p>}
      {body.buttons?.length > 0 && (
        <ul class="buttons" aria-label="Buttons">{body.buttons.map((button) => <li key={button.label}>{button.label}</li>)}</ul>
      )}
      {body.options?.length > 0 && (
        <ul class="options" aria-label="Quick replies">{body.options.map((option) => <li key={option.id}>{option.label}</li>)}</ul>
      )}
    </>
  );
}

/** Links can be followed; nothing else of a text does anything. */
function Words({ text }) {
  const parts = text.split(/(https?:\/\/[^\s<>"'`]+)/);
  return parts.map((part, place) =>
    place % 2 ? <a key={place} href={part} target="_blank" rel="noopener noreferrer nofollow">{part}</a> : part);
}

/** A file of ours, as it was brought here; its name where it is kept no more. */
function Sent({ name, which, message }) {
  const [isGone, setGone] = useState(false);
  const address = `/api/media/sent${search({ account: which.account, message })}`;
  if (isGone) return <p class="file">Picture: {name}</p>;
  return /\.mp4$/i.test(name)
    ? <video class="picture" src={address} controls preload="none" aria-label={name} onError={() => setGone(true)} />
    : <img class="picture" src={address} alt={name} loading="lazy" onError={() => setGone(true)} />;
}

function Received({ kind, which, message }) {
  const [isBroken, setBroken] = useState(false);
  if (kind === "encrypted") return <p class="file">An encrypted message: only the account's own app on X can read and answer it.</p>;
  const address = `/api/media/received${search({ account: which.account, message })}`;
  const name = receivedName(kind);
  if (isBroken) return <p class="file">{name}: it cannot be shown. <a href={address} target="_blank" rel="noopener">Open it</a></p>;
  return kind === "photo"
    ? <a href={address} target="_blank" rel="noopener"><img class="picture" src={address} alt={`${name} from the customer`} loading="lazy" onError={() => setBroken(true)} /></a>
    : <video class="picture" src={address} controls preload="none" aria-label={`${name} from the customer`} onError={() => setBroken(true)} />;
}
