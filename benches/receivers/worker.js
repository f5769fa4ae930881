// What a careful person writes by hand: the same answer to the challenge, the same verified and durable taking of a delivery,
// with WebCrypto and no library.
const encoder = new TextEncoder();
let key;

async function keyOf(secret) {
  key ??= await crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
  return key;
}

async function challenge(url, env) {
  const token = url.searchParams.get("crc_token");
  if (!token || token.length > 512 || token.trimStart().startsWith("{")) return new Response("no challenge", { status: 400 });
  const mac = await crypto.subtle.sign("HMAC", await keyOf(env.X_CONSUMER_SECRET), encoder.encode(token));
  return Response.json({ response_token: `sha256=${btoa(String.fromCharCode(...new Uint8Array(mac)))}` });
}

async function delivery(request, env) {
  if (Number(request.headers.get("content-length")) > 1 << 20) return new Response("too large", { status: 413 });
  const body = await request.arrayBuffer();
  const given = request.headers.get("x-twitter-webhooks-signature") ?? "";
  const mac = given.startsWith("sha256=") ? Uint8Array.from(atob(given.slice(7)), (letter) => letter.charCodeAt(0)) : new Uint8Array();
  if (!(await crypto.subtle.verify("HMAC", await keyOf(env.X_CONSUMER_SECRET), mac, body))) return new Response("not signed by X", { status: 401 });
  const text = new TextDecoder().decode(body);
  const read = JSON.parse(text);
  if (typeof read !== "object" || read === null) return new Response("no JSON object", { status: 400 });
  await env.QUEUE.send(JSON.stringify({ received: Date.now(), body: text }), { contentType: "text" });
  return new Response(null, { status: 200 });
}

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname !== "/webhook") return new Response("nothing here", { status: 404 });
    return request.method === "GET" ? challenge(url, env) : delivery(request, env);
  },
};
