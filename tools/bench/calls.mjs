// The two calls that X makes: its challenge, and a signed delivery of one message.
import { createHmac } from "node:crypto";

export const SECRET = "a-consumer-secret-of-some-length";
const sign = (text) => `sha256=${createHmac("sha256", SECRET).update(text).digest("base64")}`;

const DELIVERY = JSON.stringify({
  for_user_id: "1880000000000000017",
  direct_message_events: [
    {
      type: "message_create",
      id: "1900000000000000001",
      created_timestamp: String(Date.now()),
      message_create: {
        target: { recipient_id: "1880000000000000017" },
        sender_id: "1880000000000000101",
        message_data: { text: "How is the snow up there today?", entities: { hashtags: [], symbols: [], user_mentions: [], urls: [] } },
      },
    },
  ],
  users: { "1880000000000000101": { id: "1880000000000000101", created_timestamp: "1577836800000", name: "Ada", screen_name: "ada_lovelace", protected: false, verified: false, followers_count: 12, friends_count: 34, statuses_count: 56 } },
});

const TOKEN = "a-token-as-x-makes-them-0123456789";
const QUERY = `crc_token=${TOKEN}`;

export const CALLS = {
  // X signs the query as it signs a body.
  challenge: {
    method: "GET",
    query: `?${QUERY}`,
    headers: { "x-twitter-webhooks-signature": sign(QUERY) },
    expects: async (response) => (await response.json()).response_token === sign(TOKEN),
  },
  delivery: {
    method: "POST",
    query: "",
    body: DELIVERY,
    headers: { "content-type": "application/json", "x-twitter-webhooks-signature": sign(DELIVERY) },
    expects: (response) => response.status === 200,
  },
};
