// What an agent is asked to take, where something comes between: what they take is what they were asked, and they are asked wherever the page runs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../tools/run/until.mjs";
import { house, simulator } from "./house.mjs";
import { held, people } from "./people.mjs";

const x = await simulator();
const perch = await house({ x });
assert.equal((await perch.connect()).ok, true);
const { account, customers: [ada, bo] } = await x.state();
const SCRIPT = {
  version: 1, name: "shop", start: "menu", fallback: "menu",
  nodes: {
    menu: { say: "Menu", options: [{ label: "A person", id: "person", go: "person" }] },
    person: { say: "A person comes.", handoff: { note: "{{ customer.name }} asks" } },
  },
};
assert.equal((await perch.admin("POST", "/api/scripts/apply", { script: SCRIPT, media: {} })).status, 200);
const settings = { activity_seconds: 600, offer_seconds: 600, request_seconds: 600, routing: "push" };
assert.equal((await perch.admin("POST", "/api/accounts/handoff", { settings })).status, 200);
const { agent, errors } = await people(perch);
const ida = await agent("ida", "Ida");
const patience = { timeout: 20_000 };
const asked = (page, customer) => page.getByRole("alert", { name: "Asked of you" }).locator(".offer", { hasText: customer.name });
const said = (customer, text) => until(`"${text}"`, async () => (await x.said(customer.id)).some((known) => known.includes(text)), { within: 20_000 });

async function becomes(page, is) {
  await page.locator("button.presence").click();
  await page.getByRole("button", { name: is, exact: true }).waitFor(patience);
}

async function asksForSomebody(customer) {
  await x.writes(customer.id, "hi");
  await said(customer, "Menu");
  await x.writes(customer.id, "A person");
}

test("an offer that is taken while another conversation is opened is what was taken", async () => {
  await x.writes(bo.id, "hi");
  await said(bo, "Menu");
  await becomes(ida, "Available");
  await asksForSomebody(ada);
  await asked(ida, ada).waitFor(patience);
  const thread = await held(ida, `/api/inbox/thread?account=${account.id}&customer=${ada.id}`);
  const taken = ida.waitForRequest("**/api/inbox/take");
  await asked(ida, ada).getByRole("button", { name: "Take" }).click();
  await thread.arrive();
  await ida.goto(new URL(`/app/#/${account.id}/${bo.id}`, perch.url).href);
  await ida.getByRole("main").getByRole("heading", { name: bo.name }).waitFor(patience);
  await thread.passes();
  assert.equal((await taken).postDataJSON().customer, ada.id);
  await said(ada, "You are now talking to Ida.");
  assert.deepEqual(await perch.rows("SELECT customer_id FROM handoffs WHERE status = 'held'"), [{ customer_id: ada.id }]);
  await becomes(ida, "Away");
});

test("an offer is shown where the browser lets no page notify, though it says that it does", async () => {
  const max = await agent("max", "Max");
  await max.addInitScript(() => {
    Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
    globalThis.tried = 0;
    globalThis.Notification = class {
      static permission = "granted";
      constructor() {
        globalThis.tried += 1;
        throw new TypeError("Illegal constructor");
      }
    };
  });
  await max.reload();
  await max.getByText("Nothing is yours at the moment.").waitFor(patience);
  await becomes(max, "Available");
  await asksForSomebody(bo);
  await asked(max, bo).waitFor(patience);
  await until("the browser's no", () => max.evaluate("tried > 0"), { within: 10_000 });
});

test("the page had nothing to complain about", () => assert.deepEqual(errors, []));
