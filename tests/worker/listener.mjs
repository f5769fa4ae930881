// Hears all that the runtime tells of another Worker: its log, its exceptions, the addresses and headers of its calls; and takes the
// points of its metrics.
import { WorkerEntrypoint } from "cloudflare:workers";

const heard = [];
const points = [];

export default class Listener extends WorkerEntrypoint {
  tail(traces) {
    heard.push(...traces.map((trace) => JSON.stringify(trace)));
  }

  writeDataPoint(point) {
    points.push(point);
  }

  fetch() {
    return Response.json({ heard, points });
  }
}
