import { Hono } from "hono";
import { authRoutes, tokenGate } from "./auth-routes.ts";
import { botRoutes } from "./bot-routes.ts";
import { discoveryRoutes } from "./discovery.ts";
import { restGate, restRoutes } from "./rest-routes.ts";
import type { LarkState } from "./state.ts";

/** The platform's HTTP side: endpoint discovery, access tokens, the bot, and all that takes a token. */
export function larkRoutes(state: LarkState, url: string): Hono {
  const app = new Hono();
  app.use("/open-apis/*", tokenGate(state), restGate(state.rest));
  for (const part of [discoveryRoutes(state, url), authRoutes(state), botRoutes(state), restRoutes(state.rest)]) app.route("/", part);
  app.notFound((c) => c.text("404 page not found", 404));
  return app;
}
