// The pages of the inbox where several accounts are answered for: as whom, one of them alone, what was not sent, a telephone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT, house, simulator } from "./house.mjs";
import { PHONE, axe, browser, people } from "./people.mjs";
import { until } from "../../tools/run/until.mjs";

const x = await simulator();
const perch = await house({ x });
assert.equal((await perch.connect()).ok, true);
const { account, customers: [ada, bo] } = await x.state();
const SCRIPT = { version: 1, name: "shop", start: "menu", fallback: "menu", nodes: { menu: { say: "Menu", options: [{ label: "Again", id: "again", go: "menu" }] } } };
assert.equal((await perch.admin("POST", "/api/scripts/apply", { script: SCRIPT })).status, 200);
assert.equal((await perch.admin("POST", "/api/accounts/handoff", { settings: { activity_seconds: null, agent_seconds: null } })).status, 200);
const run = (sql, ...params) => perch.env.DB.prepare(sql).bind(...params).run();
await run("INSERT INTO accounts (id, username, name, tokens, created_at, updated_at) VALUES ('2999', 'outlet', 'Outlet', '', 1, 1)");
await run(`INSERT INTO conversations (account_id, customer_id, name, username, state, turns, updated_at) VALUES ('2999', '3999', 'Grace Hopper', 'grace', '{"node":"menu"}', 1, ?1)`, Date.now());
const PICTURE = join(ROOT, "bots", "snow", "media", "snow-dawn.png");

const { agent, errors } = await people(perch);
const ida = await agent("ida", "Ida");
const answer = ida.getByLabel("Your answer");
const log = ida.getByRole("log");
const list = ida.getByRole("navigation", { name: "Conversations" });
const open = (customer, of = account.id) => ida.goto(new URL(`/app/#/${of}/${customer}`, perch.url).href);
const holds = (text) => until(`the draft "${text}"`, async () => (await answer.inputValue()) === text, { within: 10_000 });
const said = (customer, text) => until(`"${text}"`, async () => (await x.said(customer.id)).some((known) => known.includes(text)), { within: 20_000 });
const trouble = (name, on) =>
  fetch(`${x.url}/sim/trouble`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ trouble: name, on }) });

test("the list, the conversation and its card say as which account one answers, and one account is shown alone", async () => {
  await x.writes(ada.id, "My lamp is broken.");
  await said(ada, "Menu");
  await ida.getByRole("button", { name: "All", exact: true }).click();
  await list.getByRole("link", { name: `@${account.username}` }).waitFor({ timeout: 10_000 });
  await list.getByRole("link", { name: /Grace Hopper.*@outlet/ }).waitFor();
  await ida.getByLabel("Account", { exact: true }).selectOption({ label: "@outlet" });
  await list.getByRole("link", { name: `@${account.username}` }).waitFor({ state: "detached" });
  await list.getByRole("link", { name: /Grace Hopper/ }).click();
  await ida.getByRole("main").getByText("to @outlet").waitFor();
  await ida.getByRole("complementary").getByText("@outlet").waitFor();
  await ida.getByRole("searchbox", { name: "Search what was said" }).fill("lamp");
  await list.getByText("Nothing was said with these words.").waitFor({ timeout: 10_000 });
  await ida.getByLabel("Account", { exact: true }).selectOption({ label: "All accounts" });
  await list.getByRole("link", { name: new RegExp(`@${account.username}.*My lamp is broken`) }).waitFor({ timeout: 10_000 });
  assert.deepEqual(await axe(ida), []);
  await ida.getByRole("searchbox", { name: "Search what was said" }).press("Escape");
});

test("what changed while nobody listened is in the list of all when the page listens again", async () => {
  await run(`INSERT INTO conversations (account_id, customer_id, name, username, state, turns, updated_at) VALUES ('2999', '3998', 'Mary Shelley', 'mary', '{"node":"menu"}', 1, ?1)`, Date.now() - 600_000);
  await open(ada.id);
  await list.getByRole("link", { name: /Mary Shelley/ }).waitFor({ timeout: 10_000 });
});

test("what was not sent goes back behind a draft that was begun, with its picture", async () => {
  const [chooser] = await Promise.all([ida.waitForEvent("filechooser"), ida.getByRole("button", { name: "+ File" }).click()]);
  await chooser.setFiles(PICTURE);
  await ida.getByText("snow-dawn.png").waitFor();
  assert.equal((await trouble("refuse", true)).status, 200);
  await answer.fill("This is how it looks.");
  await ida.getByRole("button", { name: "Send", exact: true }).click();
  const unsaid = ida.locator(".unsaid.failed").filter({ hasText: "This is how it looks." });
  await unsaid.getByText("not sent").waitFor({ timeout: 20_000 });
  await trouble("refuse", false);
  await answer.fill("One more thing.");
  await unsaid.getByRole("button", { name: "Edit and send anew" }).click();
  await holds("One more thing.\nThis is how it looks.");
  await ida.locator(".attached").getByText("snow-dawn.png").waitFor();
  await answer.press("Enter");
  await until("the picture", async () => (await x.state(ada.id)).messages.some(({ text, picture }) => text.includes("One more thing.") && picture?.kind === "photo"), { within: 20_000 });
});

test("two tabs leave each other's drafts alone, and show what the other one writes", async () => {
  const deaf = await ida.context().newPage();
  await deaf.addInitScript(() => addEventListener("storage", (event) => event.stopImmediatePropagation()));
  await deaf.goto(new URL(`/app/#/${account.id}/${bo.id}`, perch.url).href);
  const forBo = deaf.getByLabel("Your answer");
  await forBo.waitFor();
  await answer.fill("For Ada.");
  await until("it in the store", () => deaf.evaluate(() => localStorage.getItem("perch.drafts").includes("For Ada.")), { within: 10_000 });
  await forBo.fill("For Bo.");
  await ida.reload();
  await holds("For Ada.");
  await deaf.close();
  const other = await ida.context().newPage();
  await other.goto(ida.url());
  const there = other.getByLabel("Your answer");
  await there.waitFor();
  for (const text of ["For Ada too.", ""]) {
    await answer.fill(text);
    await until(`"${text}" in the other tab`, async () => (await there.inputValue()) === text, { within: 10_000 });
  }
  await other.close();
  await open(bo.id);
  await holds("For Bo.");
  await answer.fill("");
  await open(ada.id);
});

test("a file is dropped on the composer", async () => {
  const bytes = readFileSync(PICTURE).toString("base64");
  const carried = await ida.evaluateHandle((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], "dropped.png", { type: "image/png" }));
    return data;
  }, bytes);
  await ida.locator(".composer").dispatchEvent("drop", { dataTransfer: carried });
  await ida.locator(".attached").getByText("dropped.png").waitFor({ timeout: 10_000 });
  await ida.getByRole("button", { name: "Remove", exact: true }).click();
});

test("why nothing goes out is told, and how many messages are left", async () => {
  await ida.getByText(/\d+ of 15000 left in 24 h, all accounts together/).waitFor({ timeout: 10_000 });
  const why = JSON.stringify({ said: "X does not answer.", what_to_do: "Sending rests for a while and goes on by itself." });
  await run("UPDATE accounts SET held_until = ?1, why = ?2 WHERE id = ?3", Date.now() + 3_600_000, why, account.id);
  await ida.getByText(/^Nothing goes out until .* X does not answer\. Sending rests/).waitFor({ timeout: 10_000 });
  await run("UPDATE accounts SET held_until = 0, why = NULL WHERE id = ?1", account.id);
});

test("where X shows messages as text, the ways on count too, and a picture goes without words", async () => {
  await run("UPDATE accounts SET speaks = 'plain', speaks_by = 'hand' WHERE id = ?1", account.id);
  await answer.fill("x".repeat(9_990));
  await ida.getByText("9990 of 10000 characters").waitFor();
  await ida.getByRole("button", { name: "+ Reply" }).click();
  await ida.getByLabel("Quick reply 1", { exact: true }).fill("Thank you");
  await ida.getByText("10004 of 10000 characters").waitFor({ timeout: 10_000 });
  const send = ida.getByRole("button", { name: "Send", exact: true });
  assert.equal(await send.isDisabled(), true);
  await ida.getByLabel("Remove quick reply 1").click();
  await answer.fill("");
  const pictures = async () => (await x.state(ada.id)).messages.filter(({ picture }) => picture?.kind === "photo").length;
  const before = await pictures();
  const [chooser] = await Promise.all([ida.waitForEvent("filechooser"), ida.getByRole("button", { name: "+ File" }).click()]);
  await chooser.setFiles(PICTURE);
  await ida.locator(".attached").getByText("snow-dawn.png").waitFor();
  await send.click();
  await until("the picture", async () => (await pictures()) === before + 1, { within: 20_000 });
  await run("UPDATE accounts SET speaks = 'rich', speaks_by = 'probe' WHERE id = ?1", account.id);
});

test("what was said is searched within the open conversation", async () => {
  for (let number = 1; number <= 60; number++) await x.writes(ada.id, `a line of number ${number}`);
  await log.getByText("a line of number 60", { exact: true }).waitFor({ timeout: 30_000 });
  await ida.getByRole("main").getByRole("button", { name: "Search" }).click();
  const search = ida.getByRole("search", { name: "This conversation" });
  await search.getByRole("searchbox").fill("broken lamp");
  await search.getByRole("link", { name: /My lamp is broken/ }).click();
  await log.locator(".message.found").getByText("My lamp is broken.").waitFor({ timeout: 10_000 });
  assert.deepEqual(await axe(ida), []);
  await search.getByRole("button", { name: "Done" }).click();
  await search.waitFor({ state: "detached" });
});

test("on a telephone the card is a sheet over the conversation", async () => {
  await ida.setViewportSize(PHONE);
  const card = ida.getByRole("complementary", { name: "About the customer" });
  await card.waitFor({ state: "hidden" });
  await ida.getByRole("button", { name: "About" }).click();
  await card.getByRole("heading", { name: "Notes" }).waitFor();
  await card.getByLabel("A note for other agents").fill("a regular");
  await card.getByRole("button", { name: "Add note" }).click();
  await card.getByText("a regular").waitFor({ timeout: 10_000 });
  assert.deepEqual(await axe(ida), []);
  assert.equal(await ida.evaluate("document.documentElement.scrollWidth <= innerWidth"), true, "nothing is wider than the page");
  await card.getByRole("button", { name: "Done" }).press("Escape");
  await card.waitFor({ state: "hidden" });
  await open(bo.id);
  await ida.getByRole("button", { name: "About" }).waitFor();
  await card.waitFor({ state: "hidden" });
  await ida.setViewportSize({ width: 1280, height: 800 });
  await card.waitFor();
  await ida.getByRole("button", { name: "About" }).waitFor({ state: "hidden" });
});

test("the pages of whoever is not logged in stand in nobody's way: what this is, a wrong invite, the log-in and its no", async () => {
  const page = await (await browser()).newPage({ viewport: { width: 1280, height: 800 } });
  for (const [path, heading] of [["/", "Perch"], ["/sign-in/x?invite=guess", "This is no invite."], ["/app/", "Perch"]]) {
    await page.goto(new URL(path, perch.url).href);
    await page.getByRole("main").getByRole("heading", { name: heading, exact: true }).waitFor();
    assert.deepEqual(await axe(page), [], path);
  }
  assert.equal(new URL(page.url()).pathname, "/log-in", "where the inbox leads whoever is not logged in");
  await page.getByLabel("Name").fill("nobody");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("alert").getByText("The name or the password is wrong.").waitFor();
  assert.deepEqual(await axe(page), []);
});

test("the pages had nothing to complain about", () => assert.deepEqual(errors, []));
