import { AuthError, excerpt, PlatformError, ProtocolError, RateLimitError, TransientError, UnknownOutcomeError, type AnyChannelError, type ChannelError } from "@revka/core";
import { LIMITS } from "./limits.ts";
import type { MochatAnswer } from "./wire.ts";

/** An answer of the bridge, as far as an error needs it. */
export interface HttpAnswer {
  readonly channel: string;
  readonly status: number;
  /** Number and reason: `401 Unauthorized`. */
  readonly statusLine: string;
  /** Without secrets. */
  readonly body: string;
  /** What `Retry-After` asks for. */
  readonly retryAfterMs?: number | undefined;
}

/** Codes that mean the same in a body as they do as a status. */
const REFUSED: ReadonlySet<string> = new Set(["401", "403"]);

/** Statuses by which a bridge may say that it does not know `since_id`. */
const CURSOR_REFUSED: ReadonlySet<number> = new Set([400, 404, 410]);

/** The error of a send that was answered with another status than 2xx. */
export function sendStatusError(answer: HttpAnswer): ChannelError {
  const { channel, status, statusLine, body } = answer;
  const quoted = excerpt(body, LIMITS.quoteChars);
  const message = `Mochat send message failed (${statusLine}): ${quoted}`;
  // The bridge itself did not answer in time, and nobody knows what it did.
  if (status === 504) return new UnknownOutcomeError(message, { channel });
  return commonError(message, answer) ?? new PlatformError(message, { channel, platformCode: String(status), platformMessage: quoted });
}

/** The error of a send whose body does not say success. Without a code nobody has said that nothing was posted. */
export function sendCodeError({ code, problem }: MochatAnswer, { channel }: HttpAnswer): ChannelError {
  const platformMessage = excerpt(problem ?? "unknown error", LIMITS.quoteChars);
  const message = `Mochat API error (code=${code ?? "-1"}): ${platformMessage}`;
  if (code === undefined) return new UnknownOutcomeError(message, { channel });
  if (REFUSED.has(code)) return new AuthError(message, { channel, platformCode: code });
  return new PlatformError(message, { channel, platformCode: code, platformMessage });
}

/** The error of a send whose answer cannot be read: it was posted, or it was not. */
export function sendUnreadableError(reason: string, answer: HttpAnswer): UnknownOutcomeError {
  const cause = unreadableError(reason, answer);
  return new UnknownOutcomeError(`Mochat gave no readable answer, so the message may have arrived or not; check api_url (${cause.message})`, {
    channel: answer.channel,
    cause,
  });
}

/**
 * The error of a poll that was not answered with messages: by its status, or by the `code` of its body.
 *
 * A PlatformError means that polling is of no use until somebody changes something; with a cursor a 404 may mean just
 * the cursor.
 */
export function pollError(answer: HttpAnswer, code: string | undefined, hasCursor: boolean): ChannelError {
  const { channel, status, statusLine, body } = answer;
  const quoted = excerpt(body, LIMITS.quoteChars);
  const message = `Mochat: poll request failed (${statusLine}): ${quoted}`;
  if (code !== undefined && REFUSED.has(code)) return new AuthError(message, { channel, platformCode: code });
  const isMisdirected = (status >= 300 && status < 400) || (status === 404 && !hasCursor);
  if (isMisdirected) return new PlatformError(message, { channel, platformCode: String(status), platformMessage: quoted });
  return commonError(message, answer) ?? new TransientError(message, { channel, status });
}

/** The error of a poll whose answer cannot be read. */
export function pollUnreadableError(reason: string, answer: HttpAnswer): ProtocolError {
  return unreadableError(reason, answer);
}

/** The error of a poll that got no answer. */
export function pollTransportError(cause: ChannelError): TransientError {
  return new TransientError(`Mochat: poll request error: ${cause.message}`, { cause, ...(cause.channel !== undefined && { channel: cause.channel }) });
}

/** Whether a poll failed in a way that may be due to its `since_id`. */
export function isCursorRefusal(error: AnyChannelError): boolean {
  return error.code === "transient" && error.status !== undefined && CURSOR_REFUSED.has(error.status);
}

/** What a status means everywhere; undefined for one that means nothing in particular. */
function commonError(message: string, { channel, status, retryAfterMs }: HttpAnswer): ChannelError | undefined {
  if (status === 401 || status === 403) return new AuthError(message, { channel, platformCode: String(status) });
  const isLimited = status === 429 || (status === 503 && retryAfterMs !== undefined);
  if (isLimited) return new RateLimitError(message, { channel, retryAfterMs: retryAfterMs ?? LIMITS.unstatedRetryAfterMs });
  return status === 408 || status >= 500 ? new TransientError(message, { channel, status }) : undefined;
}

function unreadableError(reason: string, { channel, body }: HttpAnswer): ProtocolError {
  const quoted = excerpt(body);
  return new ProtocolError(`Mochat: failed to parse response: ${reason}: ${quoted}`, { channel, excerpt: quoted });
}
