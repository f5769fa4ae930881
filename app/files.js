// Files that agents send: known by their hash, brought in parts, each once.
import { Refused, post, put, search } from "./api.js";
import { state } from "./state.js";

const PART = 1 << 20;
/** What X takes, with its largest size (bytes); of videos the deployment says how much. */
const TAKEN = { "image/jpeg": 5 << 20, "image/png": 5 << 20, "image/webp": 5 << 20, "image/gif": 15 << 20, "video/mp4": undefined };
export const ACCEPT = Object.keys(TAKEN).join(",");

/** What the message carries: {sha256, name}. */
export async function bring(file) {
  if (!(file.type in TAKEN)) throw new Refused(0, { detail: `X takes no files like ${file.name}.`, what_to_do: "JPEG, PNG, GIF, WebP and MP4 can be sent." });
  const most = TAKEN[file.type] ?? state().me.largest_video;
  if (file.size > most) throw new Refused(0, { detail: `${file.name} is too large.`, what_to_do: `${most >> 20} MB of this kind are taken.` });
  const bytes = await file.arrayBuffer();
  const sha256 = [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const { missing } = await post("/api/media/missing", { sha256: [sha256] });
  const parts = Math.ceil(file.size / PART);
  for (let part = 0; missing.length > 0 && part < parts; part++) {
    const query = { sha256, part, parts, type: file.type, bytes: file.size };
    await put(`/api/media/part${search(query)}`, bytes.slice(part * PART, (part + 1) * PART));
  }
  return { sha256, name: file.name };
}
