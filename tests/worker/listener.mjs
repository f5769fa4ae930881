// Hears all that the runtime tells of another Worker: its log, its exceptions, the addresses and headers of its calls, its spans.
const heard = [];

export default {
  tail(traces) {
    heard.push(...traces.map((trace) => JSON.stringify(trace)));
  },
  tailStream(onset) {
    heard.push(JSON.stringify(onset));
    return (event) => heard.push(JSON.stringify(event));
  },
  fetch() {
    return Response.json(heard);
  },
};
