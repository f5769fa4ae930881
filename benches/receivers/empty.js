// A Worker that does nothing: what the runtime itself takes for a request.
export default { fetch: () => new Response("ok") };
