import { Hono } from "hono";
import * as v from "valibot";
import { PAGE, readJson, readQuery } from "../../control/control-input.ts";
import { longPoll } from "../../control/long-poll.ts";
import { BEHAVIOUR } from "./behaviour.ts";
import type { WecomKeys } from "./keys.ts";
import type { WecomState } from "./state.ts";

const MESSAGES = v.strictObject({ key: v.optional(v.string()), ...PAGE });
const KEY = v.strictObject({ key: v.pipe(v.string(), v.nonEmpty()), state: v.picklist(["active", "disabled", "removed"]) });
const ERRCODE = v.strictObject({ errcode: v.pipe(v.number(), v.integer()), times: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000)), 1) });

/** What other processes may do with the WeCom webhook. */
export function wecomControl(state: WecomState, keys: WecomKeys): Hono {
  const app = new Hono();
  app.get("/messages", async (c) => {
    const { key, ...page } = readQuery(c.req.raw, MESSAGES);
    const batch = await longPoll(state.messages, { ...page, matches: (message) => key === undefined || message.key === key }, c.req.raw.signal);
    return c.json({ messages: batch.entries, cursor: batch.cursor });
  });
  app.post("/keys", async (c) => {
    const { key, state: wanted } = await readJson(c.req.raw, KEY);
    if (wanted === "active") keys.add(key);
    else if (wanted === "disabled") keys.disable(key);
    else keys.remove(key);
    return c.json({});
  });
  app.post("/refuse", async (c) => {
    const { errcode, times } = await readJson(c.req.raw, ERRCODE);
    state.refuseNext(errcode, times);
    return c.json({});
  });
  app.post("/behave", async (c) => {
    state.behaviour = { ...state.behaviour, ...(await readJson(c.req.raw, BEHAVIOUR)) };
    return c.json(state.behaviour);
  });
  return app;
}
