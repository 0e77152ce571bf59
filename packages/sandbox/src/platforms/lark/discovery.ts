import { Hono } from "hono";
import * as v from "valibot";
import type { LarkState } from "./state.ts";

/** Where a client's URL leads. */
export const SOCKET_PATH = "/ws/v2";

const REQUEST = v.object({ AppID: v.string(), AppSecret: v.string() });

/** Codes of the endpoint. */
const FORBIDDEN = 403;
const AUTH_FAILED = 514;
/** Code of the endpoint, and `Handshake-Autherrcode`, when there are too many connections. */
export const CONNECTION_LIMIT = 1_000_040_350;

const WORDS: Readonly<Record<number, string>> = {
  1: "system busy",
  [FORBIDDEN]: "forbidden",
  [AUTH_FAILED]: "app_id or app_secret is invalid",
  1_000_040_343: "internal error",
  1_000_040_345: "system busy",
  [CONNECTION_LIMIT]: "the number of connections exceeded the limit",
};

/** Tells clients where to connect: a new URL every time. */
export function discoveryRoutes(state: LarkState, url: string): Hono {
  const app = new Hono();
  app.post("/callback/ws/endpoint", async (c) => {
    const wanted = v.safeParse(v.pipe(v.string(), v.parseJson(), REQUEST), await c.req.text());
    const code = wanted.success ? codeFor(state, wanted.output) : FORBIDDEN;
    const msg = code === 0 ? "ok" : (WORDS[code] ?? "request refused");
    // The official Node client reads `data` before it looks at the code.
    return c.json({ code, msg, data: { URL: code === 0 ? socketUrl(state, url) : "", ClientConfig: clientConfig(state) } });
  });
  return app;
}

/** What clients are told about pings and reconnects. */
export function clientConfig({ behaviour }: LarkState): object {
  const { reconnectCount, reconnectIntervalSecs, reconnectNonceSecs, pingIntervalSecs } = behaviour;
  return { ReconnectCount: reconnectCount, ReconnectInterval: reconnectIntervalSecs, ReconnectNonce: reconnectNonceSecs, PingInterval: pingIntervalSecs };
}

function codeFor(state: LarkState, { AppID, AppSecret }: v.InferOutput<typeof REQUEST>): number {
  if (AppID !== state.credentials.appId || AppSecret !== state.credentials.appSecret) return AUTH_FAILED;
  const forced = state.discoveryCodes.shift();
  if (forced !== undefined) return forced;
  return state.connections.size >= state.behaviour.connectionCount ? CONNECTION_LIMIT : 0;
}

function socketUrl(state: LarkState, url: string): string {
  const { ticket, deviceId, serviceId } = state.tickets.issue();
  const { endpointUrl } = state.behaviour;
  // The official Node client loses the first key of the query, so that is not `service_id`.
  const query = new URLSearchParams({ device_id: deviceId, ...(endpointUrl === "without-service-id" ? {} : { service_id: String(serviceId) }), ticket });
  return `${endpointUrl === "http" ? url : url.replace(/^http/, "ws")}${SOCKET_PATH}?${query.toString()}`;
}
