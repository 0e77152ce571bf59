import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import * as v from "valibot";
import { readJson } from "../../control/control-input.ts";
import type { LarkControl } from "./api.ts";
import { CHOICE } from "./control-choice.ts";
import type { LarkContent } from "./content.ts";
import type { LarkState } from "./state.ts";

/** How long a message from outside waits for a client that is just connecting, unless it says otherwise, and at most. */
const PATIENCE_MS = 5_000;
const MAX_PATIENCE_MS = 60_000;

const filled = v.pipe(v.string(), v.nonEmpty());
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const object = v.record(v.string(), v.unknown());
const bytes = v.pipe(v.string(), v.base64(), v.transform((text) => new Uint8Array(Buffer.from(text, "base64"))));

const CONTENT: v.GenericSchema<unknown, LarkContent> = v.variant("type", [
  v.strictObject({ type: v.literal("text"), text: v.string() }),
  v.strictObject({ type: v.literal("post"), title: v.exactOptional(v.string()), content: v.array(v.array(v.looseObject({ tag: filled, bytes: v.exactOptional(bytes) }))) }),
  v.strictObject({ type: v.literal("image"), bytes, contentType: v.exactOptional(filled) }),
  v.strictObject({ type: v.literal("file"), bytes, fileName: v.string(), contentType: v.exactOptional(filled) }),
  v.strictObject({ type: v.literal("audio"), bytes, durationMs: v.exactOptional(whole) }),
  v.strictObject({ type: v.literal("media"), bytes, fileName: v.string(), durationMs: v.exactOptional(whole), cover: v.exactOptional(bytes) }),
  v.strictObject({ type: v.literal("merge_forward"), messages: v.array(v.strictObject({ user: filled, content: v.lazy(() => v.union([v.string(), CONTENT])) })) }),
  v.strictObject({ type: v.literal("other"), as: filled, content: v.unknown() }),
]);

const SAYING = v.strictObject({
  user: filled,
  text: v.exactOptional(v.string()),
  content: v.exactOptional(CONTENT),
  group: v.exactOptional(filled),
  mentions: v.exactOptional(v.array(v.union([v.picklist(["bot", "all"]), v.strictObject({ openId: filled, name: v.string() })]))),
  replyTo: v.exactOptional(filled),
  inThread: v.exactOptional(v.boolean()),
  senderType: v.exactOptional(v.picklist(["user", "app", "bot", "anonymous"])),
  locale: v.exactOptional(filled),
  overrides: v.exactOptional(v.strictObject({ header: v.exactOptional(object), sender: v.exactOptional(object), message: v.exactOptional(object) })),
  choice: v.optional(CHOICE, {}),
  wait_ms: v.optional(v.pipe(whole, v.maxValue(MAX_PATIENCE_MS)), PATIENCE_MS),
});
const SAY = v.pipe(SAYING, v.check(({ text, content }) => (text === undefined) !== (content === undefined), "needs either text or content"));

/** Speaks as a user. */
export function sayControl(state: LarkState, api: LarkControl, name: string): Hono {
  const app = new Hono();
  app.post("/say", async (c) => {
    const { user, text = "", content, wait_ms: waitMs, choice, ...saying } = await readJson(c.req.raw, SAY);
    await someoneListens(state, AbortSignal.any([AbortSignal.timeout(waitMs), c.req.raw.signal]), name);
    return c.json({ messageId: api.say(user, content ?? text, { ...saying, ...choice }) });
  });
  return app;
}

/** People speak as soon as their gateway has started: gives it a moment to connect. @throws HTTPException 409 when nobody does. */
async function someoneListens({ webhook, connectionLog }: LarkState, enough: AbortSignal, name: string): Promise<void> {
  if (webhook.url !== undefined) return;
  await connectionLog.next(({ isOpen }) => isOpen, enough).catch(() => {
    const error = `no client is connected to the emulator of ${name}: start the gateway first`;
    throw new HTTPException(409, { res: Response.json({ error }, { status: 409 }) });
  });
}
