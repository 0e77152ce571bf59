import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import * as v from "valibot";
import { PAGE, readJson, readQuery } from "../../control/control-input.ts";
import { longPoll } from "../../control/long-poll.ts";
import type { DingtalkControl } from "./api.ts";
import { BEHAVIOUR } from "./behaviour.ts";
import { type DingtalkConnection, isEligible } from "./connections.ts";
import type { DingtalkContent } from "./content.ts";
import type { DingtalkPlace } from "./sessions.ts";
import type { DingtalkState } from "./state.ts";
import { ROBOT_TOPIC } from "./wire.ts";

/** How long a message from outside waits for a client that is just connecting, unless it says otherwise, and at most. */
const PATIENCE_MS = 5_000;
const MAX_PATIENCE_MS = 60_000;

const filled = v.pipe(v.string(), v.nonEmpty());
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000));
const base64 = v.pipe(v.string(), v.base64(), v.transform((text) => new Uint8Array(Buffer.from(text, "base64"))));

const CONTENT: v.GenericSchema<unknown, DingtalkContent> = v.variant("msgtype", [
  v.strictObject({ msgtype: v.literal("text"), text: v.string() }),
  v.strictObject({ msgtype: v.literal("richText"), segments: v.array(v.union([v.pipe(v.strictObject({ picture: base64 })), v.record(v.string(), v.unknown())])) }),
  v.strictObject({ msgtype: v.literal("picture"), bytes: base64 }),
  v.strictObject({ msgtype: v.literal("audio"), bytes: base64, recognition: v.exactOptional(v.string()), durationMs: v.exactOptional(v.number()) }),
  v.strictObject({ msgtype: v.literal("video"), bytes: base64, videoType: v.exactOptional(v.string()), duration: v.exactOptional(v.union([v.number(), v.string()])) }),
  v.strictObject({ msgtype: v.literal("file"), bytes: base64, fileName: filled }),
  v.strictObject({ msgtype: v.literal("other"), as: filled, content: v.exactOptional(v.unknown()) }),
]);

const SAYING = v.strictObject({
  user: filled,
  text: v.exactOptional(v.string()),
  content: v.exactOptional(CONTENT),
  group: v.exactOptional(filled),
  mention: v.exactOptional(v.boolean()),
  overrides: v.exactOptional(v.record(v.string(), v.unknown())),
  wait_ms: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_PATIENCE_MS)), PATIENCE_MS),
});
const SAY = v.pipe(SAYING, v.check(({ text, content }) => (text === undefined) !== (content === undefined), "needs either text or content"));
const LIST = v.strictObject({ user: v.optional(v.string()), group: v.optional(v.string()), ...PAGE });
const CHOICE = { connection: v.exactOptional(count), messageId: v.exactOptional(v.picklist(["new", "same"])) };
const REDELIVER = v.strictObject({ messageId: filled, choice: v.optional(v.strictObject(CHOICE), {}) });
const PUSH = v.strictObject({
  type: v.picklist(["SYSTEM", "EVENT", "CALLBACK"]), topic: filled, data: v.unknown(), headers: v.exactOptional(v.record(v.string(), v.unknown())),
});
const REFUSE = v.strictObject({
  refusal: v.union([v.pipe(v.number(), v.integer()), v.strictObject({ status: v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599)), code: filled, message: v.exactOptional(v.string()) })]),
  times: v.optional(count, 1),
});
const DISCONNECT = v.strictObject({ how: v.optional(v.picklist(["told", "closed", "terminated", "reset", "silent"]), "told") });
const SECRET = v.strictObject({ secret: filled });
const EXPIRE = v.strictObject({ what: v.picklist(["tickets", "webhooks", "token"]) });

/** What other processes may do with DingTalk. */
export function dingtalkControl(state: DingtalkState, api: DingtalkControl): Hono {
  const app = new Hono();
  app.post("/say", async (c) => {
    const { user, text = "", content, wait_ms: waitMs, ...saying } = await readJson(c.req.raw, SAY);
    await someoneListens(state, AbortSignal.any([AbortSignal.timeout(waitMs), c.req.raw.signal]));
    return c.json({ messageId: api.say(user, content ?? text, saying) });
  });
  app.get("/replies", async (c) => {
    const { user, group, ...page } = readQuery(c.req.raw, LIST);
    const matches = (sent: DingtalkPlace): boolean => (user === undefined || sent.user === user) && (group === undefined || sent.group === group);
    const { entries, cursor } = await longPoll(state.sent, { ...page, matches }, c.req.raw.signal);
    return c.json({ replies: entries, cursor });
  });
  app.get("/connections", (c) => c.json({ connections: api.connections.map(describe) }));
  app.get("/acks", async (c) => {
    const batch = await longPoll(state.acks, { ...readQuery(c.req.raw, v.strictObject(PAGE)), matches: () => true }, c.req.raw.signal);
    return c.json({ acks: batch.entries, cursor: batch.cursor });
  });
  app.route("/", troubles(api));
  app.post("/behave", async (c) => {
    state.behaviour = { ...state.behaviour, ...(await readJson(c.req.raw, BEHAVIOUR)) };
    return c.json(state.behaviour);
  });
  return app;
}

/** What makes trouble: frames of its own, redeliveries, refusals, broken connections and credentials. */
function troubles(api: DingtalkControl): Hono {
  const app = new Hono();
  app.post("/push", async (c) => c.json({ messageId: api.push(await readJson(c.req.raw, PUSH)) }));
  app.post("/redeliver", async (c) => {
    const { messageId, choice } = await readJson(c.req.raw, REDELIVER);
    return c.json(api.redeliver(messageId, choice));
  });
  app.post("/refuse", async (c) => {
    const { refusal, times } = await readJson(c.req.raw, REFUSE);
    api.refuse(refusal, times);
    return c.json({});
  });
  app.post("/disconnect", async (c) => {
    const { how } = await readJson(c.req.raw, DISCONNECT);
    for (const connection of api.connections) BREAKS[how](connection);
    return c.json({});
  });
  app.post("/expire", async (c) => {
    const { what } = await readJson(c.req.raw, EXPIRE);
    if (what === "tickets") api.expireTickets();
    else if (what === "webhooks") api.expireWebhooks();
    else api.revokeToken();
    return c.json({});
  });
  app.post("/secret", async (c) => {
    api.acceptSecret((await readJson(c.req.raw, SECRET)).secret);
    return c.json({});
  });
  return app;
}

function describe({ id, openedAt, ticket, state, ua, localIp, subscriptions }: DingtalkConnection): object {
  return { id, openedAt, ticket, state, ua, localIp, subscriptions };
}

/** Each way for a connection to end. */
const BREAKS: Readonly<Record<v.InferOutput<typeof DISCONNECT>["how"], (connection: DingtalkConnection) => void>> = {
  told: (connection) => connection.disconnect(),
  closed: (connection) => connection.close(1001),
  terminated: (connection) => connection.terminate(),
  reset: (connection) => connection.reset(),
  silent: (connection) => void connection.silence(),
};

/** People speak as soon as their gateway has started: gives it a moment to connect. @throws HTTPException 409 when nobody does. */
async function someoneListens(state: DingtalkState, enough: AbortSignal): Promise<void> {
  const listens = (connection: DingtalkConnection): boolean => isEligible(connection, { type: "CALLBACK", topic: ROBOT_TOPIC });
  await state.connectionLog.next(listens, enough).catch(() => {
    const error = "no client is connected to DingTalk's emulator: start the gateway first";
    throw new HTTPException(409, { res: Response.json({ error }, { status: 409 }) });
  });
}
