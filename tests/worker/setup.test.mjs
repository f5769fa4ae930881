// npm run setup on computers that lack something: each is told what, and the command that mends it; nothing is made meanwhile.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ROOT } from "../../tools/run/places.mjs";

const INSTALL_RUST = "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh\nthen open a new terminal and run this again";
const OLD_NODE = "20.19.0";
const WASM = "wasm32-unknown-unknown";

/** What the programs of a computer do. They are found by PATH alone, and know of no other program. */
const PROGRAMS = {
  // As npm does it, as far as anybody looks.
  npm: "/bin/mkdir -p node_modules/node/bin node_modules/wrangler/bin && : > node_modules/node/bin/node && : > node_modules/wrangler/bin/wrangler.js",
  rustc: rustc("1.91.0"),
  // The last argument of `cargo install` is where it goes.
  cargo: 'for last; do :; done; /bin/mkdir -p "$last/bin" && : > "$last/bin/wasm-bindgen" && : > "$last/bin/cargo-deny"',
  cc: "exit 0",
  rustup: "exit 0",
  chromium: "exit 0",
};

function rustc(version) {
  return `case "$1" in -vV) echo "rustc ${version}"; echo "host: x86_64-unknown-linux-gnu"; echo "release: ${version}";; *) echo "$SYSROOT";; esac`;
}

const fails = (said) => `echo "${said}" >&2; exit 1`;

/**
 * A computer with a checkout of its own: its programs (`without` these, `and` with others), what its Rust has, and what it is.
 * Nothing that is done there reaches this one.
 */
function computer({ without = [], and = {}, has = [WASM, "lints"], env = {}, system = "linux", isDebian = false, isUbuntu = false, isRoot = false, node = "22.12.0" } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "perch-setup-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const [root, bin, rust, log] = ["perch", "bin", "rust", "started"].map((name) => join(folder, name));
  cpSync(join(ROOT, "tools"), join(root, "tools"), { recursive: true });
  for (const name of ["package-lock.json", "Cargo.lock"]) cpSync(join(ROOT, name), join(root, name));
  mkdirSync(bin);
  const programs = Object.entries({ ...PROGRAMS, ...and }).filter(([name]) => !without.includes(name));
  for (const [name, act] of programs) writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> '${log}'\n${act}\n`, { mode: 0o755 });
  const part = (...path) => {
    mkdirSync(join(rust, ...path.slice(0, -1)), { recursive: true });
    writeFileSync(join(rust, ...path), "");
  };
  if (has.includes(WASM)) part("lib", "rustlib", WASM, "lib", "libstd-0.rlib");
  if (has.includes("lints")) for (const name of ["cargo-clippy", "rustfmt"]) part("bin", name);
  const all = {
    PATH: bin, HOME: folder, CARGO_HOME: join(folder, "cargo"), PERCH_CACHE: join(folder, "cache"), SYSROOT: rust,
    ELSEWHERE: JSON.stringify({ system, isDebian, isUbuntu, isRoot, node }), ...env,
  };
  return {
    root,
    setup: () =>
      new Promise((resolve) => {
        const args = ["--import", join(ROOT, "tests", "worker", "elsewhere.mjs"), join(root, "tools", "setup.mjs")];
        execFile(process.execPath, args, { cwd: root, env: all, timeout: 60_000 }, (error, stdout, stderr) => resolve({ code: error ? error.code : 0, stdout, stderr }));
      }),
    /** What was started after npm, by its first words. What is asked of a compiler makes nothing. */
    made: () => started(log).filter((line) => !/^(rustc|npm)/.test(line)).map((line) => line.split(" ").slice(0, 3).join(" ")),
  };
}

const started = (log) => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []);

/** It ends with 1, says this, and what mends it. */
async function isTold(there, { cause, mend, also, made = [] }) {
  const { code, stdout, stderr } = await there.setup();
  const said = `${stdout}${stderr}`;
  assert.equal(code, 1, said);
  assert.ok(stderr.includes(`\nerror: ${cause}`), said);
  const lines = mend.split("\n").map((line) => `    ${line}\n`);
  assert.ok(stderr.endsWith(`\nTo mend it:\n${lines.join("")}`), said);
  if (also) assert.ok(stderr.includes(`    ${also}\n`), said);
  assert.doesNotMatch(stdout, /Everything is there/);
  assert.deepEqual(there.made(), made);
}

test("where all of it is there or can be made it says so, and the second time makes nothing", async () => {
  const there = computer();
  const [first, again] = [await there.setup(), await there.setup()];
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /\nEverything is there: npm start, npm test\n$/);
  assert.deepEqual(there.made(), ["cargo install wasm-bindgen-cli", "cargo install cargo-deny"]);
  assert.equal(again.code, 0, again.stderr);
  assert.equal(again.stdout.match(/: there$/gm).length, 8, again.stdout);
  assert.equal(there.made().length, 2, "nothing more");
});

for (const without of [["rustc", "cargo", "rustup"], ["rustc"], ["cargo"]]) {
  test(`no ${without.join(", no ")}: how Rust is installed`, async () => {
    await isTold(computer({ without }), { cause: "Rust is not installed", mend: INSTALL_RUST });
  });
}

test("a Rust that is too old, by one version or by many", async () => {
  for (const version of ["1.90.1", "1.9.0", "1.75.0-nightly"]) {
    const cause = `Rust ${version} is too old: Perch needs 1.91 or newer`;
    await isTold(computer({ and: { rustc: rustc(version) } }), { cause, mend: "rustup update stable && rustup default stable" });
  }
});

test("a rustc that does not run, as rustup leaves it where no toolchain was chosen", async () => {
  const said = "error: rustup could not choose a version of rustc to run";
  const mend = "rustup toolchain install stable && rustup default stable";
  await isTold(computer({ and: { rustc: fails(said) } }), { cause: "rustc is there but does not run", mend, also: said });
});

const NO_CC = { cause: "there is no C compiler (cc), which Rust needs to link" };
const OF_CC = "apt-get update && apt-get install -y build-essential";
const TOLD_OF_CC = {
  "Debian, by somebody who is not root": [{ isDebian: true }, { ...NO_CC, mend: `sudo sh -c '${OF_CC}'` }],
  "Debian, by root, without a network": [
    { isDebian: true, isRoot: true, and: { "apt-get": fails("E: no network") } },
    { cause: "apt-get update: exit code 1", also: "E: no network", mend: OF_CC, made: ["apt-get update"] },
  ],
  "another Linux": [{ isRoot: true }, { ...NO_CC, mend: "install a C compiler with your package manager: gcc or clang" }],
  "a Mac": [{ system: "darwin" }, { ...NO_CC, mend: "xcode-select --install" }],
};

for (const [where, [what, told]] of Object.entries(TOLD_OF_CC)) {
  test(`no C compiler on ${where}`, () => isTold(computer({ without: ["cc"], ...what }), told));
}

test("no compiler for wasm32 and no rustup, where nothing can stand in: rustup is what mends it", async () => {
  const there = computer({ without: ["rustup"], has: ["lints"], isRoot: true });
  const cause = `there is no compiler for ${WASM}, and no rustup, which would bring it`;
  await isTold(there, { cause, mend: INSTALL_RUST });
});

test("no compiler for wasm32 and no rustup on Debian, by somebody who is not root: root can install what stands in", async () => {
  const there = computer({ without: ["rustup"], has: ["lints"], isDebian: true });
  const mend = `sudo ${process.execPath} ${join(there.root, "tools", "setup", "debian-std.mjs")}`;
  await isTold(there, { cause: `rustup target add ${WASM} failed; Debian's compiler can stand in`, mend, also: "there is no rustup" });
});

test("a rustup that cannot download, where nothing can stand in: its words are shown", async () => {
  const said = "error: could not download file";
  const there = computer({ has: ["lints"], and: { rustup: fails(said) } });
  const add = `rustup target add ${WASM}`;
  await isTold(there, { cause: `${add} failed, and there is no other way on this system`, mend: add, also: said, made: ["rustup target add"] });
});

test("a tool that cannot be built: its last words are shown, and it is tried again the next time", async () => {
  const said = "error: failed to download from the registry";
  const there = computer({ and: { cargo: fails(said) } });
  const once = ["cargo install wasm-bindgen-cli"];
  await isTold(there, { cause: once[0], mend: "npm run setup", also: said, made: once });
  await isTold(there, { cause: once[0], mend: "npm run setup", also: said, made: [...once, ...once] });
});

test("no clippy and no rustup", async () => {
  const withRustup = "or with rustup: rustup component add clippy rustfmt";
  for (const [own, what] of [
    ["install them as you installed Rust", {}],
    ["sudo apt-get install -y rust-clippy rustfmt", { isDebian: true }],
    ["apt-get install -y rust-clippy rustfmt", { isDebian: true, isRoot: true }],
  ]) {
    const there = computer({ without: ["rustup"], has: [WASM], ...what });
    await isTold(there, { cause: "clippy or rustfmt is missing", mend: `${own}\n${withRustup}`, made: ["cargo install wasm-bindgen-cli"] });
  }
});

test("no browser, or one that is named and not there", async () => {
  const made = ["cargo install wasm-bindgen-cli"];
  const cause = "there is no Chromium or Google Chrome for the tests of the pages";
  const mend = "sudo sh -c 'apt-get update && apt-get install -y chromium'";
  await isTold(computer({ without: ["chromium"], isDebian: true }), { cause, mend, made });
  const chrome =
    "install Google Chrome from https://www.google.com/chrome: Ubuntu has Chromium as a snap alone\nor name a browser: export CHROMIUM=/path/to/chromium";
  for (const isRoot of [false, true]) {
    await isTold(computer({ without: ["chromium"], isDebian: true, isUbuntu: true, isRoot }), { cause, mend: chrome, made });
  }
  const named = { cause: "CHROMIUM names a file that does not exist: /nowhere/chrome", mend: "unset CHROMIUM, or name a browser" };
  await isTold(computer({ env: { CHROMIUM: "/nowhere/chrome" } }), { ...named, made });
});

test("packages that cannot be installed: npm's words are shown", async () => {
  const said = "npm error code ENOTFOUND";
  await isTold(computer({ and: { npm: fails(said) } }), { cause: "npm ci: exit code 1", mend: "npm ci", also: said });
});

test("an older Node goes on under the one among the packages, and ends as that does", async () => {
  const handed = `${PROGRAMS.npm} && printf '#!/bin/sh\\necho "under it: \${1##*/}"\\nexit 7\\n' > node_modules/node/bin/node && /bin/chmod +x node_modules/node/bin/node`;
  const { code, stdout, stderr } = await computer({ node: OLD_NODE, and: { npm: handed } }).setup();
  assert.deepEqual([code, /^under it: setup\.mjs$/m.test(stdout)], [7, true], `${stdout}${stderr}`);
});

test("a Node that is too old, and none among the packages", async () => {
  const there = computer({ node: OLD_NODE, and: { npm: "/bin/mkdir node_modules" } });
  const cause = `Node ${OLD_NODE} is too old for wrangler, and there is no ${join(there.root, "node_modules", "node", "bin", "node")}`;
  await isTold(there, { cause, mend: "rm -rf node_modules && npm ci\nor install Node 22.12 or newer" });
});
