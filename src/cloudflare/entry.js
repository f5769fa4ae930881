// What the runtime calls: straight into the program. After a panic its bindings begin a new instance: `tools/build/worker.mjs` asks
// wasm-bindgen for that, and the start function of the `worker` crate sets it going.
import { fetch as answer, queue, scheduled } from "perch";

/** What is begun comes to its end, even where whoever asked hangs up: a delivery is durable then, and nothing of it stays in memory. */
function fetch(request, env, context) {
  const answered = answer(request, env, context);
  if (answered instanceof Promise) context.waitUntil(answered);
  return answered;
}

export default { fetch, queue, scheduled };
