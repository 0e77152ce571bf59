import { Hono } from "hono";
import * as v from "valibot";
import { readJson } from "../../control/control-input.ts";
import type { LarkControl } from "./api.ts";
import type { LarkConnection } from "./connections.ts";

const filled = v.pipe(v.string(), v.nonEmpty());
const code = v.pipe(v.number(), v.integer());
const status = v.pipe(code, v.minValue(200), v.maxValue(599));
const times = v.optional(v.pipe(code, v.minValue(1), v.maxValue(1_000)), 1);

const REFUSE = v.strictObject({
  code,
  times,
  choice: v.optional(v.strictObject({
    method: v.exactOptional(filled),
    path: v.exactOptional(filled),
    httpStatus: v.exactOptional(status),
    headers: v.exactOptional(v.record(v.string(), v.string())),
    msg: v.exactOptional(v.string()),
  }), {}),
});
const REFUSE_ENDPOINT = v.strictObject({ code, times });
const REFUSE_HANDSHAKE = v.strictObject({
  refusal: v.strictObject({ handshakeStatus: code, message: v.exactOptional(v.string()), authErrCode: v.exactOptional(code), httpStatus: v.exactOptional(status) }),
  times,
});
const DISCONNECT = v.strictObject({ how: v.optional(v.picklist(["closed", "terminated", "reset", "silent"]), "closed") });
const EXPIRE = v.strictObject({ what: v.picklist(["tokens", "urls"]) });
const GROUP = v.strictObject({ group: filled, how: v.picklist(["join", "leave", "dissolve"]) });
const CREDENTIALS = v.strictObject({ appId: v.exactOptional(filled), appSecret: v.exactOptional(filled), verificationToken: v.exactOptional(v.string()), encryptKey: v.exactOptional(v.string()) });

/** What makes trouble: refusals, broken connections, credentials that end, groups that are left. */
export function troubles(api: LarkControl): Hono {
  const app = new Hono();
  app.post("/refuse", async (c) => {
    const refusal = await readJson(c.req.raw, REFUSE);
    api.refuse(refusal.code, refusal.times, refusal.choice);
    return c.json({});
  });
  app.post("/refuse-endpoint", async (c) => {
    const refusal = await readJson(c.req.raw, REFUSE_ENDPOINT);
    api.refuseEndpoint(refusal.code, refusal.times);
    return c.json({});
  });
  app.post("/refuse-handshake", async (c) => {
    const wanted = await readJson(c.req.raw, REFUSE_HANDSHAKE);
    api.refuseHandshake(wanted.refusal, wanted.times);
    return c.json({});
  });
  app.post("/disconnect", async (c) => {
    const { how } = await readJson(c.req.raw, DISCONNECT);
    for (const connection of api.connections) BREAKS[how](connection);
    return c.json({});
  });
  app.post("/expire", async (c) => {
    const { what } = await readJson(c.req.raw, EXPIRE);
    if (what === "tokens") api.revokeTokens();
    else api.expireUrls();
    return c.json({});
  });
  app.post("/group", async (c) => {
    const { group, how } = await readJson(c.req.raw, GROUP);
    api[how](group);
    return c.json({});
  });
  app.post("/credentials", async (c) => {
    api.accept(await readJson(c.req.raw, CREDENTIALS));
    return c.json({});
  });
  return app;
}

/** Each way for a connection to end. */
const BREAKS: Readonly<Record<v.InferOutput<typeof DISCONNECT>["how"], (connection: LarkConnection) => void>> = {
  closed: (connection) => connection.close(1001),
  terminated: (connection) => connection.terminate(),
  reset: (connection) => connection.reset(),
  silent: (connection) => void connection.silence(),
};
