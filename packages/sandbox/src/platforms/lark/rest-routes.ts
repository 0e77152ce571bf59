import { Hono, type MiddlewareHandler } from "hono";
import { cardRoutes } from "./card-routes.ts";
import { messageRoutes } from "./message-routes.ts";
import { reactionRoutes } from "./reaction-routes.ts";
import { LOG_ID_HEADER, newLogId } from "./refusal.ts";
import { resourceRoutes } from "./resource-routes.ts";
import type { RestState } from "./rest-state.ts";

/** Ids in a path, which are not part of the API's name. */
const PATH_IDS = /\/(messages|reactions|resources|images|cards|elements)\/(?!id_convert$)[^/]+/g;

/** What an app calls, under `/open-apis`. */
export function restRoutes(state: RestState): Hono {
  const app = new Hono();
  for (const part of [messageRoutes(state), cardRoutes(state), reactionRoutes(state), resourceRoutes(state)]) app.route("/", part);
  return app;
}

/** What every call passes before its route sees it: refusals that a test asked for, then the rate of its API. */
export function restGate(state: RestState): MiddlewareHandler {
  return async (c, next) => {
    const { method, path } = c.req;
    const refusal = state.forced.take(method, path);
    if (refusal !== undefined) throw refusal;
    state.rates.call(`${method} ${path.replaceAll(PATH_IDS, "/$1/*")}`);
    await next();
    if (!c.res.headers.has(LOG_ID_HEADER)) c.res.headers.set(LOG_ID_HEADER, newLogId());
  };
}
