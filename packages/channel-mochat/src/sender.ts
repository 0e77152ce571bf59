import { createKeyedQueue, isChannelError, sendInOrder, type Channel, type StatusRecorder } from "@revka/core";
import type { MochatApi, SendTextOptions } from "./api.ts";
import type { MochatSettings } from "./config.ts";
import { LIMITS } from "./limits.ts";
import { recipientOf, render } from "./outbound.ts";

/** What sending needs. */
export interface SenderOptions {
  readonly settings: MochatSettings;
  readonly api: MochatApi;
  readonly status: StatusRecorder;
}

/**
 * Sends messages: those to one user in the order of the calls, those to different users side by side.
 *
 * With an idempotency key each part of a split text gets its own, the same every time.
 */
export function createSender({ settings, api, status }: SenderOptions): Channel["send"] {
  const queue = createKeyedQueue({ maxParallel: LIMITS.sendsInFlight, maxWaiting: LIMITS.sendsWaiting });
  return async (message, signal) => {
    const parts = render(message, settings);
    const optionsOf = (index: number): SendTextOptions => ({
      ...(message.idempotencyKey !== undefined && { idempotencyKey: parts.length === 1 ? message.idempotencyKey : `${message.idempotencyKey}.${index}` }),
      ...(signal !== undefined && { signal }),
    });
    try {
      return await queue.run(recipientOf(message, settings), () => sendInOrder(parts, (part, index) => api.sendText(part, optionsOf(index))), signal);
    } catch (error) {
      if (isChannelError(error) && error.code === "auth") status.set("failed", error.message);
      throw error;
    }
  };
}
