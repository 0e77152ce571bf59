import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import * as v from "valibot";
import { PAGE, readJson, readQuery } from "../../control/control-input.ts";
import { longPoll } from "../../control/long-poll.ts";
import type { QqControl } from "./api.ts";
import { BEHAVIOUR } from "./behaviour.ts";
import type { QqConnection } from "./connections.ts";
import type { QqContent } from "./content.ts";
import { GROUP_AND_C2C } from "./events.ts";
import { fileOf } from "./media.ts";
import { NOTICES, type QqNotice } from "./notices.ts";
import type { QqPlace } from "./place.ts";
import type { QqState } from "./state.ts";

/** How long a message from outside waits for a client that is just connecting, unless it says otherwise, and at most. */
const PATIENCE_MS = 5_000;
const MAX_PATIENCE_MS = 60_000;

const filled = v.pipe(v.string(), v.nonEmpty());
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000));
const code = v.pipe(v.number(), v.integer());
const base64 = v.pipe(v.string(), v.base64(), v.transform((text) => new Uint8Array(Buffer.from(text, "base64"))));
const fields = v.record(v.string(), v.unknown());

const SEGMENT = v.union([v.string(), v.strictObject({ face: filled, name: v.string() }), v.strictObject({ mention: filled }), v.strictObject({ raw: v.string() })]);
const ATTACHMENT = v.strictObject({
  kind: v.picklist(["image", "video", "voice", "file"]),
  bytes: base64,
  name: v.exactOptional(v.string()),
  contentType: v.exactOptional(v.string()),
  transcript: v.exactOptional(v.string()),
  wav: v.exactOptional(base64),
  overrides: v.exactOptional(fields),
});
const PARTS = {
  text: v.exactOptional(v.union([v.string(), v.array(SEGMENT)])),
  attachments: v.exactOptional(v.array(ATTACHMENT)),
  ark: v.exactOptional(fields),
};
const ELEMENT = v.strictObject({ ...PARTS, refIdx: v.exactOptional(filled), author: v.exactOptional(fields), isWithheld: v.exactOptional(v.boolean()) });
const CONTENT: v.GenericSchema<unknown, QqContent> = v.strictObject({
  ...PARTS,
  quote: v.exactOptional(v.union([filled, ELEMENT])),
  forwarded: v.exactOptional(v.array(ELEMENT)),
});

const SAYING = v.strictObject({
  user: filled,
  text: v.exactOptional(v.string()),
  content: v.exactOptional(CONTENT),
  group: v.exactOptional(filled),
  mention: v.exactOptional(v.boolean()),
  hearsAll: v.exactOptional(v.boolean()),
  bot: v.exactOptional(v.boolean()),
  id: v.exactOptional(filled),
  overrides: v.exactOptional(fields),
  wait_ms: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_PATIENCE_MS)), PATIENCE_MS),
});
const SAY = v.pipe(SAYING, v.check(({ text, content }) => (text === undefined) !== (content === undefined), "needs either text or content"));
const LIST = v.strictObject({ user: v.optional(v.string()), group: v.optional(v.string()), ...PAGE });
const REDELIVER = v.strictObject({ messageId: filled, id: v.exactOptional(filled) });
const NOTIFY = v.pipe(
  v.strictObject({ notice: v.custom<QqNotice>((name) => typeof name === "string" && Object.hasOwn(NOTICES, name), `must be one of ${Object.keys(NOTICES).join(", ")}`), user: v.exactOptional(filled), group: v.exactOptional(filled) }),
  v.check(({ user, group }) => (user === undefined) !== (group === undefined), "needs either user or group"),
);
const PUSH = v.strictObject({ t: filled, d: v.unknown(), id: v.exactOptional(filled) });
const REFUSAL = v.strictObject({
  code,
  status: v.exactOptional(v.pipe(code, v.minValue(200), v.maxValue(599))),
  message: v.exactOptional(v.string()),
  data: v.exactOptional(v.unknown()),
  call: v.exactOptional(v.picklist(["token", "gateway", "messages", "files", "stream", "recall", "interactions"])),
});
const REFUSE = v.strictObject({ refusal: v.union([code, REFUSAL]), times: v.optional(count, 1) });
const DISCONNECT = v.strictObject({ how: v.optional(v.union([v.picklist(["told", "invalid", "terminated", "reset", "silent"]), v.pipe(code, v.minValue(1000), v.maxValue(4999))]), "told") });
const SECRET = v.strictObject({ secret: filled });
const EXPIRE = v.strictObject({ what: v.picklist(["tokens", "sessions", "uploads", "starts"]) });

/** What other processes may do with QQ. */
export function qqControl(state: QqState, api: QqControl): Hono {
  const app = new Hono();
  app.post("/say", async (c) => {
    const { user, text = "", content, wait_ms: waitMs, ...saying } = await readJson(c.req.raw, SAY);
    await someoneListens(state, AbortSignal.any([AbortSignal.timeout(waitMs), c.req.raw.signal]));
    return c.json({ messageId: api.say(user, content ?? text, saying) });
  });
  app.get("/replies", async (c) => {
    const { user, group, ...page } = readQuery(c.req.raw, LIST);
    const matches = (sent: QqPlace): boolean => (user === undefined || sent.user === user) && (group === undefined || sent.group === group);
    const { entries, cursor } = await longPoll(state.sent, { ...page, matches }, c.req.raw.signal);
    return c.json({ replies: entries, cursor });
  });
  app.get("/connections", (c) => c.json({ connections: api.connections.map(describe) }));
  app.get("/sessions", (c) => c.json({ sessions: api.sessions }));
  app.get("/uploads", (c) => c.json({ uploads: api.uploads.map(fileOf) }));
  app.get("/logins", async (c) => {
    const batch = await longPoll(state.logins, { ...readQuery(c.req.raw, v.strictObject(PAGE)), matches: () => true }, c.req.raw.signal);
    return c.json({ logins: batch.entries, cursor: batch.cursor });
  });
  app.route("/", troubles(api));
  app.post("/behave", async (c) => {
    state.behaviour = { ...state.behaviour, ...(await readJson(c.req.raw, BEHAVIOUR)) };
    return c.json(state.behaviour);
  });
  return app;
}

/** What makes trouble: events of its own, redeliveries, refusals, broken connections and credentials. */
function troubles(api: QqControl): Hono {
  const app = new Hono();
  app.post("/push", async (c) => {
    api.push(await readJson(c.req.raw, PUSH));
    return c.json({});
  });
  app.post("/redeliver", async (c) => {
    const { messageId, ...redelivery } = await readJson(c.req.raw, REDELIVER);
    return c.json({ messageId: api.redeliver(messageId, redelivery) });
  });
  app.post("/notify", async (c) => {
    const { notice, user = "", group } = await readJson(c.req.raw, NOTIFY);
    return c.json({ eventId: api.notify(notice, group === undefined ? user : { group }) });
  });
  app.post("/refuse", async (c) => {
    const { refusal, times } = await readJson(c.req.raw, REFUSE);
    api.refuse(refusal, times);
    return c.json({});
  });
  app.post("/disconnect", async (c) => {
    const { how } = await readJson(c.req.raw, DISCONNECT);
    for (const connection of api.connections) {
      if (typeof how === "number") connection.close(how);
      else BREAKS[how](connection);
    }
    return c.json({});
  });
  app.post("/expire", async (c) => {
    EXPIRIES[(await readJson(c.req.raw, EXPIRE)).what](api);
    return c.json({});
  });
  app.post("/secret", async (c) => {
    api.acceptSecret((await readJson(c.req.raw, SECRET)).secret);
    return c.json({});
  });
  return app;
}

function describe({ id, openedAt, state, session }: QqConnection): object {
  return { id, openedAt, state, session };
}

/** Each way for a connection to end, or to be told to. */
const BREAKS: Readonly<Record<Exclude<v.InferOutput<typeof DISCONNECT>["how"], number>, (connection: QqConnection) => void>> = {
  told: (connection) => connection.reconnect(),
  invalid: (connection) => connection.invalidate(false),
  terminated: (connection) => connection.terminate(),
  reset: (connection) => connection.reset(),
  silent: (connection) => void connection.silence(),
};

const EXPIRIES: Readonly<Record<v.InferOutput<typeof EXPIRE>["what"], (api: QqControl) => void>> = {
  tokens: (api) => api.revokeTokens(),
  sessions: (api) => api.spoilSessions(),
  uploads: (api) => api.expireUploads(),
  starts: (api) => api.exhaustStarts(),
};

/** People speak as soon as their gateway has started: gives it a moment to connect. @throws HTTPException 409 when nobody does. */
async function someoneListens(state: QqState, enough: AbortSignal): Promise<void> {
  const listens = (): boolean => state.sessions.all.some(({ intents, connection }) => connection !== undefined && (intents & GROUP_AND_C2C) !== 0);
  if (listens()) return;
  await state.logins.next(listens, enough).catch(() => {
    const error = "no client is connected to QQ's emulator: start the gateway first";
    throw new HTTPException(409, { res: Response.json({ error }, { status: 409 }) });
  });
}
