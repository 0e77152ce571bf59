import { Hono, type MiddlewareHandler } from "hono";
import * as v from "valibot";
import { type LarkRefusal, refuse } from "./refusal.ts";
import type { LarkState } from "./state.ts";

/** Calls below need no access token. */
const AUTH_PATH = "/open-apis/auth/";
const APP = v.object({ app_id: v.pipe(v.string(), v.regex(/^cli_[0-9a-fA-F]{16}$/)), app_secret: v.pipe(v.string(), v.nonEmpty()) });

/** Gives tenant access tokens. */
export function authRoutes(state: LarkState): Hono {
  const app = new Hono();
  app.post(`${AUTH_PATH}v3/tenant_access_token/internal`, async (c) => {
    const wanted = v.safeParse(v.pipe(v.string(), v.parseJson(), APP), await c.req.text());
    if (!wanted.success) throw refuseApp(state, 10003, "invalid param");
    if (wanted.output.app_id !== state.credentials.appId) throw refuseApp(state, 99991543, "app id or app secret is invalid");
    if (wanted.output.app_secret !== state.credentials.appSecret) throw refuseApp(state, 10015, "app secret invalid");
    const { token, expireSecs } = state.tokens.issue();
    return c.json({ code: 0, msg: "ok", tenant_access_token: token, expire: expireSecs });
  });
  return app;
}

/** Refuses calls without a good tenant access token. */
export function tokenGate(state: LarkState): MiddlewareHandler {
  return async (c, next) => {
    const refusal = c.req.path.startsWith(AUTH_PATH) ? undefined : refusalOf(state, c.req.header("authorization"));
    if (refusal !== undefined) throw refusal;
    await next();
  };
}

function refusalOf({ behaviour, tokens }: LarkState, authorization = ""): LarkRefusal | undefined {
  const httpStatus = behaviour.badTokenStatus;
  const token = /^Bearer (\S+)$/.exec(authorization)?.[1];
  if (token === undefined) return refuse(99991661, { httpStatus });
  if (token.startsWith("u-")) return refuse(99991668, { httpStatus, msg: "Invalid access token for authorization. Please make a request with token attached." });
  if (!token.startsWith("t-")) return refuse(99991671, { httpStatus, msg: "Invalid access token. The token must start with 't-' or 'u-'." });
  return tokens.isGood(token) ? undefined : refuse(behaviour.badTokenCode, { httpStatus, msg: "Invalid access token for authorization. Please make a request with token attached." });
}

function refuseApp({ behaviour }: LarkState, code: number, msg: string): LarkRefusal {
  return refuse(code, { msg, httpStatus: behaviour.tokenRefusalStatus });
}
