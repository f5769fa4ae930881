// Two phases: the storm at its own pace, then patience until every message has its answer.
import { Progress } from "../run/progress.mjs";
import { ECHO, house, simulator } from "../measure/house.mjs";

const LOOK_MS = 500;

/** What became of each message, and of each call of the webhook. */
export async function run({ rate, seconds, customers, within }) {
  const x = await simulator();
  const perch = await house({ x, script: ECHO, vars: { SEND_LIMITS: "10000000/15m" } });
  const progress = new Progress("storm", `${rate} a second for ${seconds} s, from ${customers} customers`);
  await x.ask("/sim/storm", { rate, seconds, customers });
  // A slow computer is slow, not wrong: it has its time as long as something comes.
  let [moved, before] = [Date.now(), 0];
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const storm = await x.ask("/sim/storm");
    const answered = storm.answered.filter((times) => times.length > 0).length;
    progress.last = `${storm.answered.length} of ${storm.wanted} written, ${answered} answered`;
    const isOver = answered === storm.wanted;
    const done = storm.answered.length + answered;
    if (done > before) [moved, before] = [Date.now(), done];
    if (!isOver && Date.now() - moved < within * 1000) continue;
    progress.done(isOver ? "every message is answered" : `no further answer for ${within} s`);
    const outbox = await perch.rows("SELECT status, COUNT(*) AS count FROM outbox GROUP BY status ORDER BY status");
    const inbox = await perch.rows("SELECT status, COUNT(*) AS count FROM inbox GROUP BY status ORDER BY status");
    // What is written twice by a late repetition shows only a while later.
    const last = await x.ask("/sim/storm");
    await perch.close();
    return { ...last, outbox, inbox };
  }
}
