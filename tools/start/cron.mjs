// The local runtime fires no cron, so this does, every minute, as the platform would.
const EVERY_MS = 60_000;

export function startCron({ port }) {
  const url = `http://127.0.0.1:${port}/cdn-cgi/local/scheduled?cron=${encodeURIComponent("* * * * *")}`;
  let told = false;
  const timer = setInterval(async () => {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(EVERY_MS) });
      const said = await response.text();
      if (!response.ok) throw new Error(`HTTP ${response.status} ${said.slice(0, 200)}`);
      told = false;
    } catch (error) {
      if (!told) console.log(`[cron] the scheduled call failed: ${error.message}`);
      told = true;
    }
  }, EVERY_MS);
  timer.unref();
}
