// twitter-autohook, its server alone: node autohook.mjs PORT SECRET
import { Autohook } from "twitter-autohook";

const [port, consumer_secret] = process.argv.slice(2);
const hook = new Autohook({ token: "unused", token_secret: "unused", consumer_key: "unused", consumer_secret, env: "unused", port: Number(port) });
hook.on("event", () => {});
// `start` would open a tunnel and call X.
hook.startServer();
