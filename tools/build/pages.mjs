// The pages: app/ bundled by esbuild into public/app/; then how large the scripts are, against the ceiling.
import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Failure } from "../run/failure.mjs";
import { ROOT } from "../run/places.mjs";

const FROM = join(ROOT, "app");
const TO = join(ROOT, "public", "app");
/** All scripts of the pages together, gzipped (bytes). */
const CEILING = 150_000;

export async function buildPages() {
  rmSync(TO, { recursive: true, force: true });
  mkdirSync(TO, { recursive: true });
  const options = { bundle: true, minify: true, format: "esm", target: "es2022", jsx: "automatic", jsxImportSource: "preact", legalComments: "none" };
  // It is there only once the packages are.
  const { build } = await import("esbuild");
  await build({ ...options, entryPoints: [join(FROM, "main.jsx")], outdir: TO, logLevel: "warning" });
  copyFileSync(join(FROM, "index.html"), join(TO, "index.html"));
  const script = readFileSync(join(TO, "main.js"));
  const size = gzipSync(script, { level: 9 }).length;
  console.log(`public/app/main.js: ${script.length.toLocaleString("en")} bytes, ${size.toLocaleString("en")} gzipped (ceiling ${CEILING.toLocaleString("en")})`);
  if (size > CEILING) throw new Failure("the scripts of the pages are larger than their ceiling", { mend: "make them smaller, or raise CEILING in tools/build/pages.mjs with a reason" });
}
