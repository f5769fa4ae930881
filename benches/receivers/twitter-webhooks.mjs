// twitter-webhooks over express: node twitter-webhooks.mjs PORT SECRET
import express from "express";
import webhooks from "twitter-webhooks";

const [port, consumerSecret] = process.argv.slice(2);
const app = express();
app.use(express.json());
const activity = webhooks.userActivity({ serverUrl: `http://127.0.0.1:${port}`, route: "/webhook", consumerKey: "unused", consumerSecret, environment: "unused", app });
for (const name of ["event", "unknown-event"]) activity.on(name, () => {});
app.listen(Number(port), "127.0.0.1");
