// The local runtime fires no cron, so this does, every minute, as the platform would.
const EVERY_MS = 60_000;

/** Calls the Worker's scheduled handler once in each `every`, until what it returns is called. */
export function startCron({ port, every = EVERY_MS }) {
  const url = `http://127.0.0.1:${port}/cdn-cgi/local/scheduled?cron=${encodeURIComponent("* * * * *")}`;
  const ended = new AbortController();
  let told = false;
  const timer = setInterval(async () => {
    try {
      const response = await fetch(url, { signal: AbortSignal.any([ended.signal, AbortSignal.timeout(every)]) });
      const said = await response.text();
      if (!response.ok) throw new Error(`HTTP ${response.status} ${said.slice(0, 200)}`);
      told = false;
    } catch (error) {
      // A call that was cut off because all of it ends is no news.
      if (!told && !ended.signal.aborted) console.log(`[cron] the scheduled call failed: ${error.message}`);
      told = true;
    }
  }, every);
  timer.unref();
  return () => {
    clearInterval(timer);
    ended.abort();
  };
}
