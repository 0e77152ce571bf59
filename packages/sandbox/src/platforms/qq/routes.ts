import { randomUUID } from "node:crypto";
import { Hono, type HonoRequest } from "hono";
import * as v from "valibot";
import { checkCall } from "./call.ts";
import { fileRoutes } from "./file-routes.ts";
import { messageRoutes } from "./message-routes.ts";
import { partRoutes } from "./part-routes.ts";
import { refusalResponse, refuseToken } from "./refusal.ts";
import { SOCKET_PATH } from "./socket.ts";
import type { QqState } from "./state.ts";
import { streamRoutes } from "./stream-routes.ts";

const CREDENTIALS = v.pipe(v.string(), v.parseJson(), v.object({ appId: v.string(), clientSecret: v.string() }));
const BAD_APP = 100007;
const BAD_SECRET = 100016;
const NOT_FOUND = 404;

/** The platform's HTTP side: access tokens, the gateway's address, messages, streams and files. */
export function qqRoutes(state: QqState, url: string): Hono {
  const app = new Hono();
  const socketUrl = `${url.replace(/^http/, "ws")}${SOCKET_PATH}`;
  app.use(async (c, next) => {
    await next();
    if (!c.res.headers.has("x-tps-trace-id")) c.res.headers.set("x-tps-trace-id", randomUUID().replaceAll("-", ""));
  });
  app.post("/app/getAppAccessToken", async (c) => giveToken(state, c.req));
  app.get("/gateway", (c) => checkCall(state, c.req, "gateway") ?? c.json({ url: socketUrl }));
  app.get("/gateway/bot", (c) => checkCall(state, c.req, "gateway") ?? c.json({ url: socketUrl, shards: 1, session_start_limit: state.starts.limit }));
  app.get("/users/@me", (c) => checkCall(state, c.req, "gateway") ?? c.json({ id: state.credentials.botId, username: "revka", avatar: "", share_url: "" }));
  for (const part of [messageRoutes(state), streamRoutes(state), fileRoutes(state), partRoutes(state, url)]) app.route("/", part);
  app.notFound(() => refusalResponse({ code: NOT_FOUND, status: NOT_FOUND, message: "no such path" }));
  return app;
}

/** Some clients send an empty `Authorization` along: it says nothing here. */
async function giveToken(state: QqState, request: HonoRequest): Promise<Response> {
  const refusal = state.refusals.take("token");
  if (refusal !== undefined) return refuseToken(refusal);
  const wanted = v.safeParse(CREDENTIALS, await request.text());
  const { appId, appSecret } = state.credentials;
  if (!wanted.success || wanted.output.appId !== appId) return refuseToken({ code: BAD_APP });
  if (wanted.output.clientSecret !== appSecret) return refuseToken({ code: BAD_SECRET });
  const { value, expiresAt } = state.tokens.issue();
  const { expiresInAs, expiresIn } = state.behaviour;
  const seconds = expiresIn ?? Math.floor((expiresAt - state.now()) / 1_000);
  const written = { string: { expires_in: String(seconds) }, number: { expires_in: seconds }, missing: {} }[expiresInAs];
  return Response.json({ access_token: value, ...written });
}
