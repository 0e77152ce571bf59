import {
  AuthError, dropAbsent, excerpt, isChannelError, NoReplyRouteError, PayloadTooLargeError, PlatformError, RateLimitError, TransientError, UnknownOutcomeError,
  type ChannelError,
} from "@revka/core";
import * as v from "valibot";
import { CODES } from "./codes.ts";
import * as lenient from "./lenient.ts";
import { LIMITS } from "./limits.ts";

/** An HTTP answer, as far as it is read. */
export interface QqAnswer {
  readonly channel: string;
  readonly status: number;
  /** Number and reason: `401 Unauthorized`. */
  readonly statusLine: string;
  /** Without secrets. */
  readonly body: string;
  /** What the platform's support asks for. */
  readonly traceId?: string;
}

/** A call that may fail. */
export interface Action {
  /** How its errors begin. */
  readonly failure: string;
  /** It changes nothing that anybody sees, so that it may be made again whatever happened. */
  readonly isHarmless: boolean;
}

/** The calls. Operators look for these words. */
export const ACTIONS: Readonly<Record<"token" | "gateway" | "message" | "mediaMessage" | "upload" | "download", Action>> = {
  token: { failure: "QQ token request failed", isHarmless: true },
  gateway: { failure: "QQ gateway request failed", isHarmless: true },
  message: { failure: "QQ send message failed", isHarmless: false },
  mediaMessage: { failure: "QQ send media message failed", isHarmless: false },
  upload: { failure: "QQ upload media failed", isHarmless: true },
  download: { failure: "QQ attachment download failed", isHarmless: true },
};

/** What the body of an answer says about its success. */
export interface Outcome {
  /** Zero, or absent, is success. */
  readonly code: number | undefined;
  readonly message: string;
  /** What the call made. */
  readonly id: string | undefined;
}

const bodySchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ code: lenient.number, err_code: lenient.number, message: lenient.text, id: lenient.id }),
);

/** Reads what a body says about success: nothing, where it is empty or a page of something in between. */
export function outcomeOf(body: string): Outcome {
  const read = v.safeParse(bodySchema, body);
  if (!read.success) return { code: undefined, message: "", id: undefined };
  const { code, err_code, message = "", id } = read.output;
  return { code: err_code ?? code, message, id };
}

/** The body of an answer that means success. @throws what it means instead. */
export function requireSuccess(action: Action, answer: QqAnswer): string {
  const { code = 0, id } = outcomeOf(answer.body);
  const isSuccess = answer.status >= 200 && answer.status <= 299 && (code === 0 || id !== undefined || CODES.pending.has(String(code)));
  if (!isSuccess) throw failureOf(action, answer);
  return answer.body;
}

/** The error of an answer that means no success. */
export function failureOf(action: Action, answer: QqAnswer): ChannelError {
  const { channel, status, traceId } = answer;
  const { code, message } = outcomeOf(answer.body);
  const platformCode = String(code ?? status);
  const text = textOf(action, answer);
  if (CODES.rate.has(platformCode) || status === 429) return new RateLimitError(text, { channel, retryAfterMs: LIMITS.retryBaseMs });
  if (isAboutTheBot(platformCode) || status === 401) return new AuthError(text, { channel, platformCode });
  if (CODES.server.has(platformCode) || status === 408 || status >= 500) {
    return action.isHarmless ? new TransientError(text, { channel, status }) : new UnknownOutcomeError(text, { channel });
  }
  const limit = LIMITS.fileBytes;
  if (CODES.tooLargeFile.has(platformCode)) return new PayloadTooLargeError(text, { channel, limit, actual: limit + 1, unit: "bytes" });
  const platformMessage = excerpt(message === "" ? answer.body : message, LIMITS.quoteChars);
  return new PlatformError(text, { channel, platformCode, platformMessage, ...dropAbsent({ requestId: traceId }) });
}

function isAboutTheBot(platformCode: string): boolean {
  return CODES.staleToken.has(platformCode) || CODES.refusedBot.has(platformCode);
}

function textOf({ failure }: Action, { statusLine, body, traceId }: QqAnswer): string {
  const trace = traceId === undefined || body.includes(traceId) ? "" : ` (trace ${traceId})`;
  return `${failure} (${statusLine}): ${excerpt(body, LIMITS.quoteChars)}${trace}`;
}

/** The error of a token call that gave none. What the platform refuses with a code of its own needs an operator. */
export function tokenError(answer: QqAnswer): ChannelError {
  const { channel, status } = answer;
  const text = textOf(ACTIONS.token, answer);
  const { code = 0 } = outcomeOf(answer.body);
  if (code === 100001 || status === 429) return new RateLimitError(text, { channel, retryAfterMs: LIMITS.pauseMs });
  const isRefused = CODES.refusedCredentials.has(String(code)) || status === 401 || status === 403;
  if (isRefused || (code !== 0 && status < 500)) return new AuthError(text, { channel, platformCode: String(code === 0 ? status : code) });
  const isSuccess = status >= 200 && status <= 299;
  return new TransientError(isSuccess ? "Missing access_token in QQ response" : text, { channel, status });
}

/** Whether the platform took exception to the token alone, so that a fresh one may help. */
export function isStaleToken(error: unknown): boolean {
  return isChannelError(error) && error.code === "auth" && (error.platformCode === "401" || CODES.staleToken.has(error.platformCode ?? ""));
}

/** The error of a message that was perhaps delivered and cannot be repeated: it would show twice. */
export function lostAnswerError(conversationId: string, cause: unknown, channel: string): PlatformError {
  const platformMessage = "the answer is lost, so it is not known whether the message has arrived; it is not sent again, as it could show twice";
  const text = `${ACTIONS.message.failure} for ${conversationId}: ${platformMessage}`;
  return new PlatformError(text, { channel, platformCode: "unknown-outcome", platformMessage, cause });
}

/** The error of a message that has no way to go. */
export function noRouteError(conversationId: string, channel: string): NoReplyRouteError {
  const text = `QQ: ${conversationId} takes no message now: there is none of theirs that can still be answered, and they do not get any unasked. They have to write first`;
  return new NoReplyRouteError(text, { channel, conversationId });
}

/** Rethrows the error of a harmless call: where its outcome is unknown it has shown nothing to anybody, so it may be repeated. */
export function rethrowHarmless(error: unknown): never {
  if (!isChannelError(error) || error.code !== "unknown-outcome") throw error;
  throw new TransientError(error.message, { cause: error, ...(error.channel !== undefined && { channel: error.channel }) });
}
