// A browser for the tests of the pages: the one that $CHROMIUM names, an installed one, or Debian's.
import { existsSync } from "node:fs";
import { which } from "../run/environment.mjs";
import { Failure } from "../run/failure.mjs";
import { installPackages } from "./system.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const ON_MAC = ["/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

export const chromium = {
  name: "Chromium",
  about: "about a minute",
  missing: () => (chromiumPath() ? undefined : "Chromium"),
  make: (progress) =>
    installPackages(progress, {
      why: "there is no Chromium or Google Chrome for the tests of the pages",
      debian: ["chromium"],
      // A snap sees no files of /tmp, and many computers run none.
      ubuntu: "install Google Chrome from https://www.google.com/chrome: Ubuntu has Chromium as a snap alone\nor name a browser: export CHROMIUM=/path/to/chromium",
      mac: "brew install --cask chromium",
      other: "install Chromium with your package manager, or name one: export CHROMIUM=/path/to/chromium",
    }),
};

/** The browser's program, or undefined. */
export function chromiumPath() {
  const named = process.env.CHROMIUM;
  if (named && !existsSync(named)) throw new Failure(`CHROMIUM names a file that does not exist: ${named}`, { mend: "unset CHROMIUM, or name a browser" });
  return named || NAMES.map(which).find(Boolean) || ON_MAC.find(existsSync);
}
