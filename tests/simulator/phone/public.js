// In public: the customer mentions, follows and likes; what the brand posts, with the button to a Direct Message.
import { element, find } from "./element.js";
import { act } from "./talk.js";

const posts = find("#posts");
const follow = find("#follow");
let shown = "";
let who = () => "";

export function setUpPublic(currentCustomer, complain) {
  who = () => `/sim/customers/${encodeURIComponent(currentCustomer())}`;
  const mention = find("#mention");
  mention.addEventListener("submit", (event) => {
    event.preventDefault();
    act(`${who()}/mentions`, { text: mention.elements.text.value }).then(() => mention.reset(), complain);
  });
  follow.addEventListener("click", () => act(`${who()}/follows`).catch(complain));
  posts.addEventListener("click", ({ target }) => {
    const { does, post } = target.dataset;
    if (does) act(`${who()}/${does}`, { post_id: post }).catch(complain);
  });
}

export function renderPublic({ posts: all, account }) {
  const news = JSON.stringify(all);
  if (news === shown) return;
  shown = news;
  posts.replaceChildren(...all.map((post) => line(post, account)));
}

function line({ id, text, links, answers, picture, prompt }, account) {
  const words = links.reduce((text, { short, long }) => text.replace(short, long.replace(/^https?:\/\//i, "")), text);
  const made = element("li", {}, words);
  if (answers) made.append(element("span", { class: "how" }, "An answer to a post that mentions it"));
  if (picture) made.append(element("img", { class: "picture", src: picture, alt: "The picture of the post" }));
  const button = (does, label) => element("button", { type: "button", "data-does": does, "data-post": id }, label);
  made.append(button("likes", "Like"));
  if (prompt) made.append(button("opens-from-post", `Send ${account.name} a private message`));
  return made;
}
