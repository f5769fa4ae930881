// People change their own password in a real browser, and log in with it from then on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { house } from "./house.mjs";
import { PHONE, axe, browser, people } from "./people.mjs";

const NEW = "a longer password";
const patience = { timeout: 20_000 };
const perch = await house({});
const { agent, errors } = await people(perch);
const ida = await agent("ida", "Ida");
const live = (page) => page.getByText("live", { exact: true }).waitFor(patience);

async function logIn(page, password) {
  await page.goto(new URL("/app/", perch.url).href);
  await page.getByLabel("Name").fill("ida");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

test("a wrong old password is told, the right one gives way to the new, and the page goes on with it", async () => {
  await ida.goto("about:blank");
  const { password: given } = await (await perch.admin("POST", "/api/agents/change", { login: "ida", password: true })).json();
  await logIn(ida, given);
  await live(ida);
  const name = ida.getByRole("button", { name: "Ida", exact: true });
  await name.press("Enter");
  const sheet = ida.getByRole("dialog", { name: "Change your password" });
  const [old, fresh, change] = [sheet.getByLabel("Old password"), sheet.getByLabel(/^New password/), sheet.getByRole("button", { name: "Change it" })];
  await old.fill("not this one");
  await fresh.fill("too short");
  await change.click();
  assert.equal(await fresh.evaluate((field) => field.validity.tooShort), true);
  await fresh.fill(NEW);
  await change.click();
  await sheet.getByRole("alert").getByText("The old password is wrong. An admin can give you a new one.").waitFor(patience);
  assert.deepEqual(await axe(ida), []);
  await old.fill(given);
  await change.click();
  await sheet.getByRole("status").getByText("Your password is changed.").waitFor(patience);
  assert.equal(await sheet.getByRole("alert").count(), 0);
  assert.deepEqual(await axe(ida), []);
  await ida.keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });
  assert.equal(await name.evaluate((button) => button === document.activeElement), true, "where the keyboard was before");
  await ida.reload();
  await live(ida);

  const page = await (await browser()).newPage();
  await logIn(page, given);
  await page.getByRole("alert").getByText("The name or the password is wrong.").waitFor(patience);
  await logIn(page, NEW);
  await live(page);
});

test("it is reached on a telephone too", async () => {
  await ida.setViewportSize(PHONE);
  await ida.getByRole("button", { name: "Ida", exact: true }).click();
  const sheet = ida.getByRole("dialog", { name: "Change your password" });
  await sheet.getByRole("button", { name: "Done" }).click();
  await sheet.waitFor({ state: "detached" });
  assert.equal(await ida.evaluate("document.documentElement.scrollWidth <= innerWidth"), true, "nothing is wider than the page");
});

test("the page had nothing to complain about", () => assert.deepEqual(errors, []));
