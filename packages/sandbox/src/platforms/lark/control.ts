import { Hono } from "hono";
import * as v from "valibot";
import { PAGE, readJson, readQuery } from "../../control/control-input.ts";
import { type Batch, longPoll, type Pollable } from "../../control/long-poll.ts";
import type { LarkControl } from "./api.ts";
import { BEHAVIOUR } from "./behaviour.ts";
import type { LarkConnection } from "./connections.ts";
import { CHOICE } from "./control-choice.ts";
import { sayControl } from "./control-say.ts";
import { troubles } from "./control-troubles.ts";
import type { LarkSent } from "./sent.ts";
import type { LarkState } from "./state.ts";

const filled = v.pipe(v.string(), v.nonEmpty());
const object = v.record(v.string(), v.unknown());
const LIST = v.strictObject({ user: v.optional(v.string()), group: v.optional(v.string()), ...PAGE });
const PUSH = v.strictObject({ eventType: filled, event: v.unknown(), header: v.exactOptional(object), choice: v.optional(CHOICE, {}) });
const REDELIVER = v.strictObject({ id: filled, choice: v.optional(CHOICE, {}) });
const CLICK = v.strictObject({ user: filled, messageId: filled, action: v.exactOptional(object), overrides: v.exactOptional(object), choice: v.optional(CHOICE, {}) });
const RECALL = v.strictObject({ messageId: filled });
const WEBHOOK = v.strictObject({ url: filled });

/** What other processes may do with Lark, or Feishu. */
export function larkControl(state: LarkState, api: LarkControl, name: string): Hono {
  const app = new Hono();
  for (const part of [sayControl(state, api, name), lists(state, api), troubles(api)]) app.route("/", part);
  app.post("/push", async (c) => {
    const { choice, ...event } = await readJson(c.req.raw, PUSH);
    return c.json(api.push(event, choice));
  });
  app.post("/redeliver", async (c) => {
    const { id, choice } = await readJson(c.req.raw, REDELIVER);
    return c.json(api.redeliver(id, choice));
  });
  app.post("/click", async (c) => {
    const { user, messageId, choice, ...clicking } = await readJson(c.req.raw, CLICK);
    return c.json(api.click(user, messageId, { ...clicking, ...choice }));
  });
  app.post("/recall", async (c) => c.json(api.recall((await readJson(c.req.raw, RECALL)).messageId)));
  app.post("/webhook", async (c) => c.json(await api.useWebhook((await readJson(c.req.raw, WEBHOOK)).url)));
  app.post("/behave", async (c) => {
    state.behaviour = { ...state.behaviour, ...(await readJson(c.req.raw, BEHAVIOUR)) };
    return c.json(state.behaviour);
  });
  return app;
}

/** Everything that can be read and waited for. */
function lists(state: LarkState, api: LarkControl): Hono {
  const app = new Hono();
  app.get("/replies", async (c) => {
    const { user, group, ...page } = readQuery(c.req.raw, LIST);
    const matches = (sent: LarkSent): boolean => (user === undefined || sent.user === user) && (group === undefined || sent.group === group) && !sent.isStreaming;
    const { entries, cursor } = await longPoll(state.rest.sent, { ...page, matches }, c.req.raw.signal);
    const replies = entries.map((sent) => ({ ...sent, updates: state.rest.cards.frames.entries.filter(({ cardId }) => cardId === sent.cardId).length }));
    return c.json({ replies, cursor });
  });
  app.get("/connections", (c) => c.json({ connections: api.connections.map(describe) }));
  app.get("/acks", async (c) => {
    const { entries, cursor } = await pageOf(state.acks, c.req.raw);
    return c.json({ acks: entries, cursor });
  });
  app.get("/posts", async (c) => {
    const { entries, cursor } = await pageOf(state.webhook.log, c.req.raw);
    return c.json({ posts: entries, cursor });
  });
  app.get("/reactions", async (c) => {
    const { entries, cursor } = await pageOf(state.rest.reactions.log, c.req.raw);
    return c.json({ reactions: entries, cursor });
  });
  return app;
}

function pageOf<T extends { readonly seq: number }>(list: Pollable<T>, request: Request): Promise<Batch<T>> {
  return longPoll(list, { ...readQuery(request, v.strictObject(PAGE)), matches: () => true }, request.signal);
}

function describe({ id, openedAt, deviceId, serviceId, isOpen }: LarkConnection): object {
  return { id, openedAt, deviceId, serviceId, isOpen };
}
