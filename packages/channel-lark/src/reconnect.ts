import { afterError, backoffDelay, dropAbsent, isChannelError, type ChannelContext, type NextStep } from "@revka/core";
import { isCrowded } from "./endpoint.ts";
import { LIMITS } from "./limits.ts";
import type { ClientConfig } from "./wire.ts";

/** When to connect again, as the platform asks for it. */
export interface Reconnecting {
  /** Takes what the platform says; what it leaves out stays. */
  configure(config: ClientConfig): void;
  /** A connection stands. */
  connected(): void;
  /** What comes after a connection that is over. */
  afterEnd(): NextStep;
  /** What comes after an error. */
  afterError(error: unknown): NextStep;
}

const BACKOFF = { baseMs: LIMITS.backoffBaseMs, maxMs: LIMITS.backoffMaxMs } as const;

/**
 * The first attempt after a lost connection waits anything up to `ReconnectNonce`, further ones `ReconnectInterval`, and
 * after `ReconnectCount` of them it is over. Besides, it never waits less than our own back-off, in which only a
 * connection that lasted 10 s counts: neither side is to hammer at the other.
 */
export function createReconnecting({ clock, random }: ChannelContext): Reconnecting {
  let config: ClientConfig = {};
  let connectedAt: number | undefined;
  let attempts = 0;
  let failures = 0;

  function next(): NextStep {
    const livedMs = connectedAt === undefined ? undefined : clock.monotonic() - connectedAt;
    connectedAt = undefined;
    attempts = livedMs === undefined ? attempts + 1 : 1;
    failures = livedMs !== undefined && livedMs >= LIMITS.healthyAfterMs ? 1 : failures + 1;
    const { reconnectCount = -1, reconnectIntervalMs = 0, reconnectNonceMs = 0 } = config;
    if (reconnectCount >= 0 && attempts > reconnectCount) return "fatal";
    const askedMs = attempts === 1 ? reconnectNonceMs * random() : reconnectIntervalMs;
    const leastMs = failures === 1 ? 0 : backoffDelay(failures, BACKOFF, random);
    return { waitMs: Math.max(leastMs, Math.min(askedMs, LIMITS.reconnectMaxMs)) };
  }

  return {
    configure(given) {
      config = { ...config, ...dropAbsent(given) };
    },
    connected() {
      connectedAt = clock.monotonic();
    },
    afterEnd: next,
    afterError(error) {
      if (isCrowded(error)) return { waitMs: LIMITS.crowdedMs, state: "failed" };
      // A code that nobody knows is for an operator.
      if (isChannelError(error) && error.code === "platform") return "fatal";
      const step = afterError(error);
      return step === "backoff" ? next() : step;
    },
  };
}
