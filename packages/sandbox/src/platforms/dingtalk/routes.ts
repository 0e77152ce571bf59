import { Hono, type HonoRequest } from "hono";
import * as v from "valibot";
import { mediaRoutes } from "./media-routes.ts";
import { refusalResponse, refuse, refuseCall } from "./refusal.ts";
import { robotRoutes } from "./robot-routes.ts";
import { CONNECT_PATH } from "./socket.ts";
import type { DingtalkState } from "./state.ts";
import { webhookRoutes } from "./webhook-routes.ts";

/** The platform's HTTP side: registration, access tokens, session webhooks, robot API and files. */
export function dingtalkRoutes(state: DingtalkState, url: string): Hono {
  const app = new Hono();
  app.post("/v1.0/gateway/connections/open", async (c) => register(state, url, c.req));
  app.post("/v1.0/oauth2/accessToken", async (c) => {
    const wanted = await readBody(c.req, v.object({ appKey: v.string(), appSecret: v.string() }));
    const isKnown = wanted !== undefined && isApp(state, wanted.appKey, wanted.appSecret);
    if (!isKnown) return refusalResponse(refuseCall(400, "invalidClientIdOrSecret", "无效的clientId或者clientSecret"));
    return c.json({ accessToken: state.tokens.issue(), expireIn: Math.floor(state.behaviour.tokenLifeMs / 1000) });
  });
  app.get("/gettoken", (c) => {
    if (!isApp(state, c.req.query("appkey") ?? "", c.req.query("appsecret") ?? "")) return c.json(refuse(40089, "不合法的corpid或corpsecret"));
    return c.json({ errcode: 0, errmsg: "ok", access_token: state.tokens.issue(), expires_in: Math.floor(state.behaviour.tokenLifeMs / 1000) });
  });
  for (const part of [webhookRoutes(state), robotRoutes(state), mediaRoutes(state, url)]) app.route("/", part);
  app.notFound(() => refusalResponse(refuseCall(404, "InvalidAction.NotFound", "Specified api is not found")));
  return app;
}

const REGISTRATION = v.object({
  clientId: v.pipe(v.string(), v.nonEmpty()),
  clientSecret: v.pipe(v.string(), v.nonEmpty()),
  subscriptions: v.pipe(
    v.array(v.object({ type: v.picklist(["EVENT", "CALLBACK", "SYSTEM"]), topic: v.pipe(v.string(), v.nonEmpty()) })),
    v.minLength(1),
    v.everyItem(({ type, topic }) => type !== "EVENT" || topic === "*", "events have only the topic *"),
  ),
  ua: v.optional(v.string(), ""),
  localIp: v.optional(v.string(), ""),
  extras: v.optional(v.record(v.string(), v.string())),
});

async function register(state: DingtalkState, url: string, request: HonoRequest): Promise<Response> {
  const wanted = await readBody(request, REGISTRATION);
  if (wanted === undefined) return refusalResponse(refuseCall(400, "invalidParameter", "the registration is not as it must be"));
  if (!isApp(state, wanted.clientId, wanted.clientSecret)) return refusalResponse(refuseCall(401, "authFailed", "鉴权失败"));
  const { subscriptions, ua, localIp } = wanted;
  const ticket = state.tickets.issue({ subscriptions, ua, localIp });
  const endpoint = `${url.replace(/^http/, "ws")}${CONNECT_PATH}`;
  if (state.behaviour.xmlWithoutAccept && !(request.header("accept") ?? "").includes("application/json")) {
    const xml = `<?xml version="1.0" encoding="UTF-8"?><result><endpoint>${endpoint}</endpoint><ticket>${ticket}</ticket></result>`;
    return new Response(xml, { headers: { "content-type": "application/xml" } });
  }
  return Response.json({ endpoint, ticket });
}

/** The JSON body of a call; `undefined` when it is not declared as JSON or not as it must be. */
async function readBody<T>(request: HonoRequest, schema: v.GenericSchema<unknown, T>): Promise<T | undefined> {
  if (!(request.header("content-type") ?? "").startsWith("application/json")) return undefined;
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), await request.text());
  return result.success ? result.output : undefined;
}

function isApp({ credentials }: DingtalkState, clientId: string, clientSecret: string): boolean {
  return credentials.clientId === clientId && credentials.clientSecret === clientSecret;
}
