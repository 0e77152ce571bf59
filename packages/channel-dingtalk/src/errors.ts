import {
  AuthError, excerpt, NoReplyRouteError, PayloadTooLargeError, PlatformError, ProtocolError, RateLimitError, TransientError, UnknownOutcomeError,
  type ChannelError,
} from "@revka/core";
import * as v from "valibot";
import * as lenient from "./lenient.ts";
import { LIMITS } from "./limits.ts";

/** An HTTP answer, as far as an error needs it. */
export interface HttpAnswer {
  readonly channel: string;
  readonly status: number;
  /** Number and reason: `401 Unauthorized`. */
  readonly statusLine: string;
  /** Without secrets. */
  readonly body: string;
}

const problemSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    code: lenient.id,
    message: lenient.text,
    requestid: lenient.id,
    requestId: lenient.id,
    accessdenieddetail: lenient.record,
  }),
);

/** Credentials, or a token made with them, that are no good. */
const REFUSED: ReadonlySet<string> = new Set(["authFailed", "invalidClientIdOrSecret", "InvalidAuthentication"]);

/** Too many calls: within a second, within a minute, to one person. */
const LIMITED = /Q[pP][sSmM]Limit|^(?:send\.too\.fast|system\.busy|systemBusy)$/;

/** The error of a call to the API host that was not answered with success. */
export function apiError(action: string, answer: HttpAnswer): ChannelError {
  const { channel, status, statusLine, body } = answer;
  const { code, message, requestId, scopes } = problemOf(body);
  const quoted = excerpt(body, LIMITS.quoteChars);
  const text = `DingTalk ${action} failed (${statusLine}): ${quoted}${scopes === undefined ? "" : `; the app needs ${scopes}`}`;
  if (status === 429 || LIMITED.test(code)) return new RateLimitError(text, { channel, retryAfterMs: LIMITS.apiPauseMs });
  const platformCode = code === "" ? String(status) : code;
  if (status === 401 || REFUSED.has(code)) return new AuthError(text, { channel, platformCode });
  const platformMessage = message === "" ? quoted : excerpt(message, LIMITS.quoteChars);
  return statusError(text, answer) ?? new PlatformError(text, { channel, platformCode, platformMessage, ...(requestId !== undefined && { requestId }) });
}

/** The error of a call that succeeded without delivering. */
export function undeliveredError(code: "staffId.notExisted" | "send.too.fast", channel: string): ChannelError {
  const text = `DingTalk robot message failed: ${code}`;
  if (code === "send.too.fast") return new RateLimitError(text, { channel, retryAfterMs: LIMITS.pauseMs });
  return new PlatformError(text, { channel, platformCode: code, platformMessage: "there is no such person in the organisation" });
}

/**
 * The error of a registration without success. Whatever the platform says with a code of its own needs an operator: the
 * credentials, an app that is not published, a robot that is not in Stream Mode. A page without one comes from
 * something in between.
 */
export function registrationError(answer: HttpAnswer): ChannelError {
  const error = apiError("gateway registration", answer);
  const { channel, status } = answer;
  if (isPunishment(answer.body)) return new RateLimitError(error.message, { channel, retryAfterMs: LIMITS.punishedMs });
  if (error.code === "auth") return error;
  const { code } = problemOf(answer.body);
  const isForOperator = error.code === "platform" && code !== "";
  return isForOperator ? new AuthError(error.message, { channel, platformCode: code }) : new TransientError(error.message, { channel, status });
}

/** What a bad ticket's handshake means: the next registration gives another. */
export function handshakeError(channel: string, status: number): TransientError {
  return new TransientError(`DingTalk: the stream refused the ticket (status ${status})`, { channel, status });
}

/** What the old-style calls answer, with status 200. */
export interface OldAnswer {
  readonly errcode: number | undefined;
  readonly errmsg: string;
  /** Of an upload. */
  readonly mediaId: string | undefined;
}

const oldSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ errcode: lenient.number, errmsg: v.fallback(v.string(), ""), media_id: lenient.id }),
  v.transform(({ media_id, ...rest }): OldAnswer => ({ ...rest, mediaId: media_id })),
);

/**
 * Reads the answer of a session webhook or an upload.
 *
 * @throws what its `errcode` means, or an UnknownOutcomeError where it has none that can be read: nobody said that
 * nothing was posted.
 */
export function readOldAnswer(action: string, { channel, status, statusLine, body }: HttpAnswer): OldAnswer {
  const quoted = excerpt(body, LIMITS.quoteChars);
  const failure = `DingTalk ${action} failed (${statusLine}): ${quoted}`;
  if (status < 200 || status > 299) {
    if (status === 401 || status === 403) throw new AuthError(failure, { channel, platformCode: String(status) });
    if (status === 429) throw new RateLimitError(failure, { channel, retryAfterMs: LIMITS.pauseMs });
    throw statusError(failure, { channel, status }) ?? new PlatformError(failure, { channel, platformCode: String(status), platformMessage: quoted });
  }
  const answer = v.safeParse(oldSchema, body);
  if (!answer.success || answer.output.errcode === undefined) {
    const found = body.trim() === "" ? "nothing" : quoted;
    throw new UnknownOutcomeError(`DingTalk gave no readable answer, so the message may have arrived or not. It said: ${found}`, { channel });
  }
  if (answer.output.errcode !== 0) throw codeError(action, answer.output.errcode, { channel, platformMessage: excerpt(answer.output.errmsg, LIMITS.quoteChars) });
  return answer.output;
}

/** The session of a webhook is over, or never was. */
export const SESSION_GONE = "300001";

const BUSY = -1;
const TOO_FAST: ReadonlySet<number> = new Set([130101, 410100, 90002, 90018]);
const TOO_LONG: ReadonlySet<number> = new Set([460101, 101002]);
/** Of an access token. */
const TOKEN_REFUSED: ReadonlySet<number> = new Set([40001, 40014, 42001]);

function codeError(action: string, errcode: number, { channel, platformMessage }: { readonly channel: string; readonly platformMessage: string }): ChannelError {
  const text = `DingTalk ${action} failed (errcode=${errcode}): ${platformMessage}`;
  if (errcode === BUSY) return new TransientError(text, { channel });
  if (TOO_FAST.has(errcode)) return new RateLimitError(text, { channel, retryAfterMs: LIMITS.pauseMs });
  const limit = LIMITS.webhookBodyBytes;
  if (TOO_LONG.has(errcode)) return new PayloadTooLargeError(text, { channel, limit, actual: limit + 1, unit: "bytes" });
  const platformCode = String(errcode);
  if (TOKEN_REFUSED.has(errcode)) return new AuthError(text, { channel, platformCode });
  return new PlatformError(text, { channel, platformCode, platformMessage });
}

/** The specification's words. */
export function noWebhookError(conversationId: string, channel: string): NoReplyRouteError {
  const text = `No session webhook found for chat ${conversationId}. The user must send a message first to establish a session.`;
  return new NoReplyRouteError(text, { channel, conversationId });
}

/** The error of an answer that lacks what it was asked for. */
export function unreadableError(action: string, { channel, body }: Pick<HttpAnswer, "channel" | "body">): ProtocolError {
  const quoted = excerpt(body);
  return new ProtocolError(`DingTalk ${action}: failed to parse response: ${quoted}`, { channel, excerpt: quoted });
}

/** What a status means everywhere; undefined for one that means nothing in particular. */
function statusError(text: string, { channel, status }: Pick<HttpAnswer, "channel" | "status">): ChannelError | undefined {
  // Whoever stands in front of the platform got no answer from it, and nobody knows what it did.
  if (status === 504) return new UnknownOutcomeError(text, { channel });
  return status === 408 || status >= 500 ? new TransientError(text, { channel, status }) : undefined;
}

interface Problem {
  /** Empty where there is none. */
  readonly code: string;
  readonly message: string;
  readonly requestId?: string | undefined;
  /** Permissions that the app lacks. */
  readonly scopes?: string | undefined;
}

function problemOf(body: string): Problem {
  const problem = v.safeParse(problemSchema, body);
  if (!problem.success) return { code: "", message: "" };
  const { code = "", message = "", requestid, requestId = requestid, accessdenieddetail } = problem.output;
  const { requiredScopes } = accessdenieddetail;
  return { code, message, requestId, scopes: Array.isArray(requiredScopes) ? requiredScopes.join(", ") : undefined };
}

/** Too many calls from one IP address: an object of another shape, with status 200. */
function isPunishment(body: string): boolean {
  return /"punish"\s*:/.test(body);
}
