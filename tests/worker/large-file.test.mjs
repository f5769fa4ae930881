// A video of 25 MB: from the command line over D1 to X and to the customer, in parts of 1 MiB.
import assert from "node:assert/strict";
import { createHash, randomFillSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { until } from "../../tools/run/until.mjs";
import { house, simulator } from "./house.mjs";

const x = await simulator();
const perch = await house({ x });
assert.equal((await perch.connect()).ok, true);
const [ada] = (await x.state()).customers;
const bot = mkdtempSync(join(tmpdir(), "perch-film-"));
after(() => rmSync(bot, { recursive: true }));
const script = join(bot, "bot.yaml");
writeFileSync(script, "version: 1\nname: film\nstart: film\nfallback: film\nnodes:\n  film: { say: Here is the film., media: film.mp4, options: [{ label: Again, go: film }] }\n");

/** So many bytes that begin as a video does. */
function video(bytes) {
  const film = randomFillSync(Buffer.alloc(bytes));
  film.write("ftypmp42", 4, "latin1");
  writeFileSync(join(bot, "film.mp4"), film);
  return film;
}
const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");

test("what is larger than VIDEO_LIMIT_MB is refused with a mend", async () => {
  video((25 << 20) + 1);
  const { code, stdout } = await perch.cli("apply", script);
  assert.equal(code, 1, stdout);
  assert.match(stdout, /film\.mp4.*VIDEO_LIMIT_MB/s);
});

test("the customer gets the film byte by byte", async () => {
  const film = video(25 << 20);
  const { code, stdout } = await perch.cli("apply", script);
  assert.equal(code, 0, stdout);
  await x.writes(ada.id, "hi");
  const shown = await until("the film", async () => (await x.state(ada.id)).messages.find(({ picture }) => picture?.kind === "video"), { within: 60_000 });
  const got = await fetch(new URL(shown.picture.url, x.url));
  assert.equal(hash(Buffer.from(await got.arrayBuffer())), hash(film));
});
