import { isChannelError, type NoReplyRouteError } from "../contract/errors.ts";
import type { SendReceipt } from "../contract/message.ts";

/** One of several ways to deliver an answer. */
export interface RouteAttempt {
  /** Its name in the receipt, e.g. `"reply"` or `"push"`. */
  readonly route: string;
  /** Undefined when this way is not open. */
  send(): Promise<SendReceipt | undefined>;
}

/**
 * Delivers by the first way that is open; the receipt names it.
 *
 * Goes on to the next way only where nothing can have been delivered: a way that is not open, or that answers with a
 * NoReplyRouteError.
 *
 * @param noRoute - the error to throw when none is open.
 */
export async function sendByFirstRoute(attempts: readonly RouteAttempt[], noRoute: () => NoReplyRouteError): Promise<SendReceipt> {
  for (const attempt of attempts) {
    try {
      const receipt = await attempt.send();
      if (receipt !== undefined) return { ...receipt, route: attempt.route };
    } catch (error) {
      if (!isChannelError(error) || error.code !== "no-route") throw error;
    }
  }
  throw noRoute();
}
