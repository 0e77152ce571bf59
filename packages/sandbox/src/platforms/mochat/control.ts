import { Hono } from "hono";
import * as v from "valibot";
import { PAGE, readJson, readQuery } from "../../control/control-input.ts";
import { longPoll } from "../../control/long-poll.ts";
import { BEHAVIOUR } from "./behaviour.ts";
import type { MochatState } from "./state.ts";

const SAY = v.strictObject({
  user: v.pipe(v.string(), v.nonEmpty()),
  text: v.string(),
  overrides: v.optional(v.record(v.string(), v.unknown()), {}),
});
const REPLIES = v.strictObject({ user: v.optional(v.string()), ...PAGE });
const TOKEN = v.strictObject({ token: v.pipe(v.string(), v.nonEmpty()) });

/** What other processes may do with the Mochat server. */
export function mochatControl(state: MochatState): Hono {
  const app = new Hono();
  app.post("/say", async (c) => {
    const { user, text, overrides } = await readJson(c.req.raw, SAY);
    return c.json({ messageId: state.say(user, text, overrides) });
  });
  app.post("/inject", async (c) => {
    state.inject(await c.req.text());
    return c.json({});
  });
  app.get("/replies", async (c) => {
    const { user, ...page } = readQuery(c.req.raw, REPLIES);
    const batch = await longPoll(state.sent, { ...page, matches: (sent) => user === undefined || sent.userId === user }, c.req.raw.signal);
    return c.json({
      replies: batch.entries.map(({ seq, userId, text, at }) => ({ seq, user: userId, text, at })),
      cursor: batch.cursor,
    });
  });
  app.get("/transcript", (c) => {
    const { user } = readQuery(c.req.raw, v.strictObject({ user: v.string() }));
    return c.json({ lines: state.transcript.entries.filter((line) => line.userId === user) });
  });
  app.post("/token", async (c) => {
    state.token = (await readJson(c.req.raw, TOKEN)).token;
    return c.json({});
  });
  app.post("/behave", async (c) => {
    state.behaviour = { ...state.behaviour, ...(await readJson(c.req.raw, BEHAVIOUR)) };
    return c.json(state.behaviour);
  });
  return app;
}
