import { AuthError, excerpt, PlatformError, RateLimitError, TransientError, UnknownOutcomeError, type ChannelError } from "@revka/core";
import { LIMITS } from "./limits.ts";
import type { WecomAnswer } from "./wire.ts";

/** An HTTP answer, as far as an error needs it. */
export interface HttpRefusal {
  readonly status: number;
  /** Number and reason: `502 Bad Gateway`. */
  readonly statusLine: string;
  readonly body: string;
}

/** System busy, data version conflict, too many calls at once: nothing was delivered, the next try may work. */
const BUSY: ReadonlySet<number> = new Set([-1, 6000, 45033]);

/** More than 20 messages a minute; ends with the window. */
const RATE_LIMITED = 45009;

/** The key is invalid, the bot disabled, the bot not in its group: nothing works until an operator acts. */
const KEY_REFUSED: ReadonlySet<number> = new Set([93000, 93004, 93008]);

/** The `platformCode` of a media id that is unknown or older than three days. */
export const MEDIA_ID_INVALID = "40007";

/** The `platformCode`s of a voice that is longer than 60 s or not AMR after all; as a file it passes. */
export const VOICE_REFUSED: ReadonlySet<string> = new Set(["45007", "301016", "301017"]);

/**
 * The error of an answer whose status is not 2xx. The platform itself answers 200 to everything, so this is
 * something in front of it, or something that is not WeCom at all.
 */
export function httpError({ status, statusLine, body }: HttpRefusal, channel: string): ChannelError {
  const quoted = excerpt(body, LIMITS.quoteChars);
  const message = `WeCom webhook send failed (${statusLine}): ${quoted}`;
  if (status === 401 || status === 403) return new AuthError(message, { channel, platformCode: String(status) });
  if (status === 429) return new RateLimitError(message, { channel, retryAfterMs: LIMITS.paceWindowMs });
  // Whoever stands in front of the platform got no answer from it, and nobody knows what it did.
  if (status === 504) return new UnknownOutcomeError(message, { channel });
  if (status === 408 || status >= 500) return new TransientError(message, { channel, status });
  return new PlatformError(message, { channel, platformCode: String(status), platformMessage: quoted });
}

/**
 * The error of an answer whose `errcode` is not 0.
 *
 * An answer without one reads as -1 but is not "busy": nobody said that nothing was delivered, so it must not be repeated.
 */
export function codeError({ errcode, errmsg }: WecomAnswer, channel: string): ChannelError {
  const platformMessage = excerpt(errmsg ?? "unknown error", LIMITS.quoteChars);
  const message = `WeCom API error (errcode=${errcode ?? -1}): ${platformMessage}`;
  if (errcode === undefined) return new UnknownOutcomeError(message, { channel });
  if (errcode === RATE_LIMITED) return new RateLimitError(message, { channel, retryAfterMs: LIMITS.paceWindowMs });
  if (BUSY.has(errcode)) return new TransientError(message, { channel });
  const platformCode = String(errcode);
  if (KEY_REFUSED.has(errcode)) return new AuthError(message, { channel, platformCode });
  return new PlatformError(message, { channel, platformCode, platformMessage });
}

/** The error of a 2xx answer that is no JSON object: cut short, or from something that is not WeCom. */
export function unreadableError(body: string, channel: string): UnknownOutcomeError {
  const found = body.trim() === "" ? "nothing" : excerpt(body, LIMITS.quoteChars);
  return new UnknownOutcomeError(`WeCom gave no readable answer, so the message may have arrived or not; check base_url. It said: ${found}`, { channel });
}
