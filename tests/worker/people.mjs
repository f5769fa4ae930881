// Somebody in a real browser: logged in, with what the page complains about, and what axe finds.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after } from "node:test";
import { chromium } from "playwright-core";
import { until } from "../../tools/run/until.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const PHONE = { width: 390, height: 844 };
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** A browser, ended with the test file. */
export async function browser() {
  const started = await chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: QUIET });
  after(() => started.close());
  return started;
}

/** Agents with a browser of their own; `errors` is what its pages complained about. */
export async function people(perch) {
  const shared = await browser();
  const errors = [];

  /** An agent with a browser of their own, logged in. */
  async function agent(login, name, role = "agent", more = {}) {
    const made = await (await perch.admin("POST", "/api/agents/add", { login, name, role, ...more })).json();
    const context = await shared.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    page.on("pageerror", (error) => errors.push(error.message));
    // What Perch refuses is shown to people; the browser writes a line of its own about it.
    page.on("console", (line) => line.type() === "error" && !/the server responded with a status of 4/.test(line.text()) && errors.push(line.text()));
    await page.goto(new URL("/app/", perch.url).href);
    await page.getByLabel("Name").fill(login);
    await page.getByLabel("Password").fill(made.password);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByText("live", { exact: true }).waitFor();
    return page;
  }

  return { agent, errors };
}

/** Holds back what the page asks of `path`; `passes` lets it through, and waits until the page has every answer. */
export async function held(page, path) {
  const isOne = ({ pathname, search }) => `${pathname}${search}`.includes(path);
  const asked = [];
  const answered = [];
  const hear = (response) => isOne(new URL(response.url())) && answered.push(response.finished());
  let pass;
  const passed = new Promise((resolve) => (pass = resolve));
  const hold = async (route) => {
    asked.push(route.request());
    await passed;
    await route.continue();
  };
  page.on("response", hear);
  await page.route(isOne, hold);
  return {
    arrive: (count = 1) => until(`${count} to ${path}`, () => asked.length >= count, { within: 10_000 }),
    async passes() {
      pass();
      await until(`the answers of ${path}`, () => answered.length === asked.length, { within: 10_000 });
      await Promise.all(answered);
      page.off("response", hear);
      await page.unroute(isOne, hold);
    },
  };
}

/** What stands in the way of people who do not see well or use no mouse: in the light and in the dark, on a wide page and on a telephone. */
export async function axe(page) {
  const wide = page.viewportSize();
  const found = [];
  for (const viewport of [wide, PHONE]) {
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await page.evaluate(AXE);
      const { violations } = await page.evaluate("axe.run()");
      found.push(...violations.map(({ id, nodes }) => `${id} (${colorScheme}, ${viewport.width} px): ${nodes.map(({ html }) => html).join(" ")}`));
    }
  }
  await page.setViewportSize(wide);
  await page.emulateMedia({ colorScheme: null });
  return found;
}
