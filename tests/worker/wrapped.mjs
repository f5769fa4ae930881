// The built Worker with its bindings wrapped: what they are asked is counted, and they fail on command. For tests and
// measurements only; the Worker that is deployed knows nothing of it.
import perch from "../../build/index.js";

const counted = { batches: 0, statements: 0, rows_read: 0, rows_written: 0, queue_writes: 0, queue_messages: 0, calls: 0, requests: 0, batches_of_jobs: 0, waited: 0 };
/** For each statement: how often it was run, and the rows that it read and wrote. */
const statements = new Map();
/** What goes wrong next: `{ at: "sql" | "queue" | "fetch", how: "before" | "lost", after: n, times: n }`. */
let troubles = [];
/** Each batch comes twice at once, the second time backwards. */
let twice = false;

const SAYS = { sql: "D1_ERROR: Network connection lost.", queue: "Queue is overloaded (10250)", fetch: "Network connection lost." };

/** Fails where it is told to: before anything happened, or after it when nobody hears of it. */
async function pass(at, act) {
  const trouble = troubles.find((trouble) => trouble.at === at && trouble.times > 0);
  if (!trouble) return act();
  if (trouble.after > 0) {
    trouble.after -= 1;
    return act();
  }
  trouble.times -= 1;
  if (trouble.how === "lost") await act();
  throw new Error(SAYS[at]);
}

/** The same object, of the same class, with these methods in place of its own. */
function wrapped(real, methods) {
  return new Proxy(real, {
    get(target, name) {
      if (Object.hasOwn(methods, name)) return methods[name];
      const value = Reflect.get(target, name);
      return typeof value === "function" && name !== "constructor" ? value.bind(target) : value;
    },
  });
}

function database(real) {
  const texts = new WeakMap();
  const prepare = (sql) => {
    const prepared = real.prepare(sql);
    const bind = (...values) => {
      const bound = prepared.bind(...values);
      texts.set(bound, sql);
      return bound;
    };
    return wrapped(prepared, { bind });
  };
  const batch = (all) =>
    pass("sql", async () => {
      const results = await real.batch(all);
      counted.batches += 1;
      results.forEach(({ meta }, place) => {
        const sql = texts.get(all[place]) ?? "";
        const known = statements.get(sql) ?? { times: 0, rows_read: 0, rows_written: 0 };
        counted.statements += 1;
        known.times += 1;
        for (const rows of ["rows_read", "rows_written"]) {
          counted[rows] += meta[rows] ?? 0;
          known[rows] += meta[rows] ?? 0;
        }
        statements.set(sql, known);
      });
      return results;
    });
  return wrapped(real, { prepare, batch });
}

function queue(real) {
  const put = (count, act) =>
    pass("queue", () => {
      counted.queue_writes += 1;
      counted.queue_messages += count;
      return act();
    });
  return wrapped(real, {
    send: (message, options) => put(1, () => real.send(message, options)),
    sendBatch: (messages, options) => put([...messages].length, () => real.sendBatch(messages, options)),
  });
}

const fetchOutside = globalThis.fetch;
globalThis.fetch = (...request) =>
  pass("fetch", () => {
    counted.calls += 1;
    return fetchOutside(...request);
  });

const bindings = (env) => ({ ...env, DB: database(env.DB), QUEUE: queue(env.QUEUE) });

/** The runtime's own, counted: what it is told to wait for. */
function waiting(context) {
  const waitUntil = (promise) => {
    counted.waited += 1;
    context.waitUntil(promise);
  };
  return { waitUntil };
}

/** A request that throws where the program does not expect it: that ends the instance. */
const THROWS = { method: "GET", url: "https://perch.example/", headers: { get: () => { throw new Error("on purpose"); } } };

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname === "/bindings/panic") return perch.fetch(THROWS, bindings(env), context);
    if (new URL(request.url).pathname !== "/bindings") {
      counted.requests += 1;
      return perch.fetch(request, bindings(env), waiting(context));
    }
    if (request.method === "POST") ({ troubles, twice } = await request.json());
    if (request.method === "DELETE") {
      statements.clear();
      for (const name of Object.keys(counted)) counted[name] = 0;
    }
    return Response.json({ counted, troubles, statements: Object.fromEntries(statements) });
  },

  queue(batch, env, context) {
    counted.batches_of_jobs += 1;
    const take = (batch) => perch.queue(batch, bindings(env), context);
    if (!twice) return take(batch);
    const backwards = { queue: batch.queue, messages: [...batch.messages].reverse() };
    return Promise.all([take(batch), take(backwards)]).then(() => undefined);
  },

  scheduled: (event, env, context) => perch.scheduled(event, bindings(env), context),
};
