import { type Context, Hono } from "hono";
import { CHECKS, isObject, type Payload } from "./message.ts";
import { errmsgOf, type Refusal, refuse } from "./refusal.ts";
import type { WecomState } from "./state.ts";
import { readUpload } from "./upload.ts";

/** The webhook's two endpoints. */
export function wecomRoutes(state: WecomState): Hono {
  const app = new Hono();
  app.post("/cgi-bin/webhook/send", async (c) => {
    const key = c.req.query("key") ?? "";
    return reply(c, state, refuseKey(state, key) ?? send(state, key, await c.req.text()));
  });
  app.post("/cgi-bin/webhook/upload_media", async (c) => {
    const key = c.req.query("key") ?? "";
    const refusal = refuseKey(state, key);
    if (refusal !== undefined) return reply(c, state, refusal);
    const file = await readUpload(c.req, c.req.query("type"));
    if ("errcode" in file) return reply(c, state, file);
    const media = state.upload({ key, type: file.type, name: file.name }, file.bytes);
    const createdAt = String(Math.floor(media.createdAt / 1000));
    return c.json({ errcode: 0, errmsg: "ok", type: media.type, media_id: media.mediaId, created_at: createdAt });
  });
  for (const path of ["/cgi-bin/webhook/send", "/cgi-bin/webhook/upload_media"]) {
    app.all(path, (c) => c.text("method not allowed", 405));
  }
  return app;
}

function reply(c: Context, state: WecomState, refusal: Refusal | undefined): Response {
  if (refusal === undefined) return c.json({ errcode: 0, errmsg: "ok" });
  return c.json({ errcode: refusal.errcode, errmsg: errmsgOf(refusal, state.traceId()) });
}

/** The key's own state first, then a code that the test asked for. */
function refuseKey(state: WecomState, key: string): Refusal | undefined {
  const keyState = state.keys.get(key);
  if (keyState === undefined) return refuse(93000);
  if (keyState === "disabled") return refuse(93004);
  const errcode = state.takeErrcode();
  return errcode === undefined ? undefined : refuse(errcode);
}

function send(state: WecomState, key: string, body: string): Refusal | undefined {
  const message = parseObject(body);
  if (message === undefined) return refuse(40008, "Warning: wrong json format. invalid message type");
  const { msgtype } = message;
  const check = typeof msgtype === "string" ? CHECKS.get(msgtype) : undefined;
  if (typeof msgtype !== "string" || check === undefined) return refuse(40008);
  const payload = message[msgtype];
  if (!isObject(payload)) return refuse(44004);
  const checked = check(payload, {
    textLimitBytes: state.behaviour.textLimitBytes,
    hasMedia: (mediaId, type) => state.hasMedia(key, mediaId, type),
  });
  if ("errcode" in checked) return checked;
  if (!state.admit(key)) return refuse(45009);
  state.post({ key, msgtype, payload: checked.payload });
  return undefined;
}

function parseObject(body: string): Payload | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
