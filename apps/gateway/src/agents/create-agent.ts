import type { Clock, Logger } from "@revka/core";
import type { AgentSettings } from "../config/settings.ts";
import type { Agent } from "./agent.ts";
import { createEchoAgent } from "./echo.ts";

/** The agent that `[agent]` names. */
export function createAgent(settings: AgentSettings, { clock, logger }: { readonly clock: Clock; readonly logger: Logger }): Agent {
  if (!settings.isConfigured) logger.info({ component: "agent" }, "No [agent] configured; replying in echo mode");
  return createEchoAgent({ delayMs: settings.delayMs, clock });
}
