// The inbox in a real browser, over the real Worker: a customer asks for somebody, an agent answers, silence gives it back.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ADMIN_TOKEN, ROOT, house, simulator } from "./house.mjs";
import { axe, people } from "./people.mjs";
import { until } from "../../tools/run/until.mjs";

const x = await simulator();
const perch = await house({ x });
assert.equal((await perch.connect()).ok, true);
const { customers } = await x.state();
const [ada, bo] = customers;
const FACE = readFileSync(join(ROOT, "bots", "snow", "media", "robot.png"));
const face = createHash("sha256").update(FACE).digest("hex");
const brought = await perch.worker.fetch(`/api/media/part?sha256=${face}&part=0&parts=1&type=image/png&bytes=${FACE.length}`, {
  method: "POST", headers: { authorization: `Bearer ${ADMIN_TOKEN}` }, body: FACE,
});
assert.equal(brought.status, 200);
const SCRIPT = {
  version: 1, name: "shop", start: "menu", fallback: "menu",
  profiles: { ida: { name: "Ida of Furni", avatar: "media/face.png" } },
  nodes: {
    menu: { say: "Menu", options: [{ label: "A person", id: "person", go: "person" }] },
    person: { say: "A person comes.", handoff: { note: "{{ customer.name }} asks" } },
  },
};
const applied = await perch.admin("POST", "/api/scripts/apply", { script: SCRIPT, media: { "media/face.png": face } });
assert.equal(applied.status, 200, await applied.clone().text());
const settled = await perch.admin("POST", "/api/accounts/handoff", { settings: { activity_seconds: 2, offer_seconds: 600, request_seconds: 600 } });
assert.equal(settled.status, 200, await settled.clone().text());

const { agent, errors } = await people(perch);
const available = async (page) => {
  await page.getByRole("button", { name: "Away" }).click();
  await page.getByRole("button", { name: "Available" }).waitFor();
  return page;
};
const said = (customer, text) => until(`"${text}"`, async () => (await x.said(customer.id)).some((known) => known.includes(text)), { within: 20_000 });

const holds = (field, text) => until(`the draft "${text}"`, async () => (await field.inputValue()) === text, { within: 10_000 });

const ida = await available(await agent("ida", "Ida", "agent", { profile: "ida" }));

test("a customer asks for a person, an agent is asked, takes it and answers; silence gives it back to the bot", async () => {
  await x.writes(ada.id, "hi");
  await x.writes(ada.id, "A person");
  const asked = ida.getByRole("alert", { name: "Asked of you" });
  await asked.getByText("Ada Lovelace asks").or(asked.getByText("Ada asks")).first().waitFor({ timeout: 20_000 });
  assert.deepEqual(await axe(ida), []);
  await asked.getByRole("button", { name: "Take" }).click();
  await said(ada, "You are now talking to Ida.");
  const since = performance.now();
  await x.writes(ada.id, "Where is my lamp?");
  const log = ida.getByRole("log");
  await log.getByText("Where is my lamp?").waitFor({ timeout: 10_000 });
  const took = Math.round(performance.now() - since);
  console.log(`a customer's message is in the inbox after ${took} ms`);
  assert.ok(took < 5_000, `${took} ms`);
  await ida.getByLabel("Your answer").fill("On its way.");
  await ida.keyboard.press("Enter");
  await said(ada, "On its way.");
  const { messages } = await x.state(ada.id);
  assert.equal(messages.find(({ text }) => text.includes("On its way.")).speaker.name, "Ida of Furni");
  await log.getByText("sent", { exact: false }).first().waitFor();
  await said(ada, "We have not heard from you");
  await ida.getByRole("button", { name: "Take" }).waitFor({ timeout: 10_000 });
  const answers = (await x.said(ada.id)).length;
  await x.writes(ada.id, "Is anybody there?");
  await until("the bot's answer", async () => (await x.said(ada.id)).slice(answers).some((text) => text.includes("Menu")), { within: 20_000 });
  await log.locator(".message.bot").last().getByText("Menu").waitFor({ timeout: 10_000 });
  assert.deepEqual(await axe(ida), []);
});

const account = () => perch.rows("SELECT account_id FROM conversations LIMIT 1").then(([row]) => row.account_id);
const open = async (page, customer) => page.goto(new URL(`/app/#/${await account()}/${customer.id}`, perch.url).href);
const trouble = (name, on) =>
  fetch(`${x.url}/sim/trouble`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ trouble: name, on }) });

test("of two agents who take a conversation one has it, and the other is told who", async () => {
  const max = await agent("max", "Max");
  await x.writes(bo.id, "hi");
  await said(bo, "Menu");
  for (const page of [ida, max]) {
    await open(page, bo);
    await page.getByRole("button", { name: "Take" }).waitFor();
  }
  await Promise.all([ida, max].map((page) => page.getByRole("button", { name: "Take" }).click()));
  await Promise.any([ida, max].map((page) => page.locator(".trouble").getByText("has this conversation").waitFor({ timeout: 10_000 })));
  await said(bo, "You are now talking to");
  assert.equal((await x.said(bo.id)).filter((text) => text.includes("You are now talking to")).length, 1);
});

test("what X refuses says why, its words go back into the draft, and a draft outlives the page", async () => {
  await open(ida, ada);
  await ida.getByRole("button", { name: "Take" }).click();
  const answer = ida.getByLabel("Your answer");
  assert.equal((await trouble("refuse", true)).status, 200);
  await answer.fill("A long and careful answer.");
  await ida.getByRole("button", { name: "Send", exact: true }).click();
  await ida.locator(".unsaid.failed").last().getByText("not sent").waitFor({ timeout: 10_000 });
  await ida.locator(".unsaid.failed").last().getByRole("button", { name: "Edit and send anew" }).click();
  await holds(answer, "A long and careful answer.");
  await ida.reload();
  await holds(answer, "A long and careful answer.");
  await trouble("refuse", false);
  await answer.press("Enter");
  await said(ada, "A long and careful answer.");
  while (await ida.getByRole("button", { name: "Dismiss" }).count()) {
    const left = await ida.getByRole("button", { name: "Dismiss" }).count();
    await ida.getByRole("button", { name: "Dismiss" }).first().click();
    await until("one less", async () => (await ida.getByRole("button", { name: "Dismiss" }).count()) < left, { within: 10_000 });
  }
});

test("a canned answer and a picture go along", async () => {
  await open(ida, ada);
  const answer = ida.getByLabel("Your answer");
  await answer.fill("Hello {name}, this is how it looks.");
  await ida.getByRole("button", { name: "Canned" }).click();
  await ida.getByLabel("Name of the canned answer").fill("look");
  await ida.getByRole("button", { name: "Keep what is written" }).click();
  await answer.fill("");
  await ida.getByRole("button", { name: "look Hello {name}" }).click();
  await holds(answer, `Hello ${ada.name}, this is how it looks.`);
  const picture = join(ROOT, "bots", "snow", "media", "snow-dawn.png");
  const [chooser] = await Promise.all([ida.waitForEvent("filechooser"), ida.getByRole("button", { name: "+ File" }).click()]);
  await chooser.setFiles(picture);
  await ida.getByText("snow-dawn.png").waitFor();
  assert.deepEqual(await axe(ida), []);
  await ida.getByRole("button", { name: "Send", exact: true }).click();
  await until("the picture", async () => (await x.state(ada.id)).messages.some(({ text, picture }) => text.includes("this is how it looks") && picture?.kind === "photo"), { within: 20_000 });
  const shown = ida.getByRole("log").getByRole("img", { name: "snow-dawn.png" });
  await until("the picture in the thread", () => shown.evaluate((image) => image.complete && image.naturalWidth > 0), { within: 10_000 });
});

test("quick replies and buttons go along, and a button leads nowhere but to https", async () => {
  const answer = ida.getByLabel("Your answer");
  await answer.fill("Two ways on.");
  await ida.getByRole("button", { name: "+ Reply" }).click();
  await ida.getByLabel("Quick reply 1", { exact: true }).fill("Thank you");
  await ida.getByRole("button", { name: "+ Button" }).click();
  await ida.getByLabel("Button 1", { exact: true }).fill("The lamp");
  const address = ida.getByLabel("Address of button 1");
  await address.fill("http://example.com");
  await answer.press("Enter");
  assert.equal(await address.evaluate((field) => field.validity.patternMismatch), true);
  assert.deepEqual(await axe(ida), []);
  await address.fill("https://example.com/lamp");
  await ida.getByRole("button", { name: "Send", exact: true }).click();
  await said(ada, "Two ways on.");
  const { messages } = await x.state(ada.id);
  const sent = messages.find(({ text }) => text.includes("Two ways on."));
  assert.match(JSON.stringify(sent), /Thank you.*The lamp|The lamp.*Thank you/);
});

test("what was said is found, and opened where it stands", async () => {
  for (let number = 1; number <= 60; number++) await x.writes(ada.id, `a line of number ${number}`);
  const log = ida.getByRole("log");
  await log.getByText("a line of number 60", { exact: true }).waitFor({ timeout: 20_000 });
  const field = ida.getByRole("searchbox", { name: "Search what was said" });
  await field.fill("where is lamp");
  const hit = ida.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: /Where is my lamp/ });
  await hit.waitFor({ timeout: 10_000 });
  assert.deepEqual(await axe(ida), []);
  await ida.reload();
  await ida.getByText("live", { exact: true }).waitFor();
  await field.fill("where is lamp");
  await hit.click();
  const found = log.locator(".message.found");
  await found.getByText("Where is my lamp?").waitFor();
  await until("it in sight", () => found.evaluate((message) => {
    const { top, bottom } = message.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }), { within: 5_000 });
  await field.press("Escape");
  await ida.getByRole("button", { name: "Waiting" }).waitFor();
});

test("everything is reached by keyboard alone", async () => {
  await ida.goto(new URL("/app/", perch.url).href);
  await ida.getByText("live", { exact: true }).waitFor();
  const focused = () => ida.evaluate(() => {
    const { tagName, textContent, ariaLabel, id } = document.activeElement;
    return `${tagName} ${ariaLabel ?? ""} ${id} ${textContent}`;
  });
  const tabTo = async (wanted) => {
    for (let presses = 0; presses < 40; presses++) {
      await ida.keyboard.press("Tab");
      if (wanted.test(await focused())) return;
    }
    assert.fail(`nothing like ${wanted} was reached; the focus is on ${await focused()}`);
  };
  await tabTo(/^BUTTON.*All$/);
  await ida.keyboard.press("Enter");
  await ida.locator(".row").first().waitFor();
  await tabTo(/^A .*Ada/);
  await ida.keyboard.press("Enter");
  await ida.getByRole("main").getByRole("heading", { name: ada.name }).waitFor();
  await tabTo(/^TEXTAREA.*answer/);
  await ida.keyboard.type("Written without a mouse.");
  await ida.keyboard.press("Enter");
  await said(ada, "Written without a mouse.");
});

test("a picture that is none is refused with its reason, and the draft stays", async () => {
  await ida.getByLabel("Your answer").fill("See this.");
  const [chooser] = await Promise.all([ida.waitForEvent("filechooser"), ida.getByRole("button", { name: "+ File" }).click()]);
  await chooser.setFiles({ name: "face.png", mimeType: "image/png", buffer: Buffer.from("<html>no picture</html>") });
  await ida.locator(".trouble").getByText("first bytes").waitFor({ timeout: 10_000 });
  await holds(ida.getByLabel("Your answer"), "See this.");
  await ida.getByRole("button", { name: "Close", exact: true }).first().click();
  await ida.getByLabel("Your answer").fill("");
});

test("what is too large is told before it is brought, and a film as the deployment takes it", async () => {
  const asked = [];
  ida.on("request", (request) => request.url().includes("/api/media/") && asked.push(request.url()));
  for (const [name, mimeType, most] of [["long.mp4", "video/mp4", 25], ["wide.png", "image/png", 5]]) {
    const [chooser] = await Promise.all([ida.waitForEvent("filechooser"), ida.getByRole("button", { name: "+ File" }).click()]);
    await chooser.setFiles({ name, mimeType, buffer: Buffer.alloc((most << 20) + 1) });
    await ida.locator(".trouble").getByText(`${name} is too large. ${most} MB of this kind are taken.`).waitFor({ timeout: 10_000 });
    await ida.getByRole("button", { name: "Close", exact: true }).first().click();
  }
  assert.deepEqual(asked, []);
});

test("a session that ends while somebody writes leads to the log-in and keeps the draft", async () => {
  await perch.env.DB.prepare("DELETE FROM sessions").run();
  const answer = ida.getByLabel("Your answer");
  await answer.fill("Half a sente");
  // The sign that somebody writes may have led to the log-in already.
  await answer.press("Enter").catch(() => {});
  await ida.getByRole("button", { name: "Log in" }).waitFor({ timeout: 10_000 });
  const { password } = await (await perch.admin("POST", "/api/agents/change", { login: "ida", password: true })).json();
  await ida.getByLabel("Name").fill("ida");
  await ida.getByLabel("Password").fill(password);
  await ida.getByRole("button", { name: "Log in" }).click();
  await open(ida, ada);
  await holds(ida.getByLabel("Your answer"), "Half a sente");
});

test("whatever a customer writes stands there as text", async () => {
  const corpus = [
    '<img src=x onerror="window.owned=1">', "<script>window.owned=1</script>", '"><svg onload=window.owned=1>', "javascript:window.owned=1",
    'a"onmouseover=window.owned=1', "{{constructor.constructor('window.owned=1')()}}", "\u202Egnp.exe", "<b>bold</b>",
    "😀".repeat(200), "x".repeat(10_000),
  ];
  for (const text of corpus) await x.writes(ada.id, text);
  const log = ida.getByRole("log");
  await log.getByText("x".repeat(100), { exact: false }).last().waitFor({ timeout: 20_000 });
  for (const text of corpus) assert.ok((await log.textContent()).includes(text), text.slice(0, 60));
  assert.equal(await ida.evaluate("window.owned"), undefined);
  assert.equal(await log.locator("img:not(.picture), script, svg, b, [onmouseover], [href^='javascript']").count(), 0);
  assert.equal(await ida.evaluate("document.documentElement.scrollWidth <= innerWidth"), true, "nothing is wider than the page");
});

test("the pages had nothing to complain about", () => assert.deepEqual(errors, []));
