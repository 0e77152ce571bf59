import { createPace, isChannelError, RateLimitError, type ChannelContext, type Pace } from "@revka/core";
import { LIMITS } from "./limits.ts";

/** Keeps each session webhook within the platform's rate. */
export interface WebhookPaces {
  /**
   * Makes a call in its webhook's turn.
   * @throws RateLimitError when the platform was called too fast all the same: the webhook rests for a minute, and for
   * ten when that happens again at once.
   */
  run<T>(webhook: string, call: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

interface Paced {
  readonly pace: Pace;
  /** Refusals in a row. */
  refusals: number;
}

/** Paces for as many webhooks as are in use; the one used longest ago is forgotten. */
export function createWebhookPaces({ instance: channel, clock }: Pick<ChannelContext, "instance" | "clock">): WebhookPaces {
  const rate = { count: LIMITS.paceCount, windowMs: LIMITS.paceWindowMs, maxWaiting: LIMITS.paceMaxWaiting, clock };
  // A Map keeps the order of insertion: its first entry is the one used longest ago.
  const paces = new Map<string, Paced>();

  function take(webhook: string): Paced {
    const known = paces.get(webhook) ?? { pace: createPace(rate), refusals: 0 };
    paces.delete(webhook);
    const [oldest] = paces.keys();
    if (oldest !== undefined && paces.size >= LIMITS.paceWebhooks) paces.delete(oldest);
    paces.set(webhook, known);
    return known;
  }

  return {
    async run(webhook, call, signal) {
      const paced = take(webhook);
      await paced.pace.wait(signal);
      try {
        const result = await call();
        paced.refusals = 0;
        return result;
      } catch (error) {
        if (!isChannelError(error) || error.code !== "rate-limit") throw error;
        paced.refusals += 1;
        const retryAfterMs = paced.refusals === 1 ? LIMITS.pauseMs : LIMITS.longPauseMs;
        paced.pace.pause(retryAfterMs);
        throw new RateLimitError(error.message, { channel, retryAfterMs, cause: error });
      }
    },
  };
}
