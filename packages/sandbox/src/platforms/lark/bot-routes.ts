import { Hono } from "hono";
import type { LarkState } from "./state.ts";

/** Value of `activate_status` for a bot that is on. */
const ACTIVE = 2;

/** Tells who the bot is. */
export function botRoutes(state: LarkState): Hono {
  const app = new Hono();
  app.get("/open-apis/bot/v3/info", (c) => {
    const { botInfo } = state.behaviour;
    const { botName, botOpenId } = state.rest.app();
    const bot = {
      activate_status: ACTIVE, app_name: botName, avatar_url: "https://sandbox.invalid/avatar.png", ip_white_list: [],
      ...(botInfo === "without-open-id" ? {} : { open_id: botOpenId }),
    };
    return c.json({ code: 0, msg: "ok", ...(botInfo === "under-data" ? { data: { bot } } : { bot }) });
  });
  return app;
}
