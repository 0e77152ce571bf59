import type { InboundMessage } from "@revka/core";
import { createRateWindow } from "../rate-window.ts";
import type { Runtime } from "../runtime.ts";

const LOG_EVERY_MS = 60_000;

/** Tells whether a message is too old to be answered when it comes; logs at info at most once a minute per channel. */
export function createAgeLimit(runtime: Pick<Runtime, "settings" | "clock" | "logger">): (message: InboundMessage) => boolean {
  const { clock, logger } = runtime;
  const lines = createRateWindow({ windowMs: LOG_EVERY_MS, clock });
  return ({ channel, id, sentAt }) => {
    const ageMs = clock.now() - sentAt;
    const { maxMessageAgeMs } = runtime.settings;
    if (maxMessageAgeMs === 0 || ageMs <= maxMessageAgeMs) return false;
    const level = lines.take(channel, 1) ? "info" : "debug";
    logger[level]({ channel, message_id: id, age_ms: ageMs }, "A message older than max_message_age_secs is not answered");
    return true;
  };
}
