// The size of the wasm, printed and held against the ceiling in tools/wasm-ceiling.json.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Failure } from "../run/failure.mjs";
import { ROOT } from "../run/places.mjs";

const CEILING = "tools/wasm-ceiling.json";

export function checkSize() {
  const wasm = readFileSync(join(ROOT, "build", "index_bg.wasm"));
  const gzip = gzipSync(wasm, { level: 9 }).length;
  const { gzip_bytes: ceiling } = JSON.parse(readFileSync(join(ROOT, CEILING), "utf8"));
  console.log(`build/index_bg.wasm: ${count(wasm.length)} bytes, ${count(gzip)} gzipped (ceiling ${count(ceiling)})`);
  if (gzip > ceiling) {
    throw new Failure(`build/index_bg.wasm is ${count(gzip - ceiling)} bytes over the ceiling of ${CEILING}`, {
      mend: `make it smaller (a new dependency is the usual cause), or raise gzip_bytes in ${CEILING} and say why there`,
    });
  }
}

const count = (bytes) => bytes.toLocaleString("en");
