import {
  AuthError, excerpt, isChannelError, PlatformError, ProtocolError, RateLimitError, TransientError, UnknownOutcomeError,
  type ChannelError,
} from "@revka/core";
import * as v from "valibot";
import { LIMITS } from "./limits.ts";

/** An HTTP answer, as far as an error needs it. */
export interface HttpAnswer {
  /** The instance. */
  readonly channel: string;
  /** What was asked, e.g. `"POST im/v1/messages"`. */
  readonly action: string;
  readonly status: number;
  readonly headers: Headers;
  /** Without secrets. */
  readonly body: string;
}

/** The token is no good, so that a fresh one may help. */
const STALE_TOKEN: ReadonlySet<string> = new Set(["401", "99991661", "99991663", "99991664", "99991665", "99991668", "99991671", "99991677", "234002"]);

/** Credentials or an app that the platform refuses until an operator acts. */
const REFUSED_APP: ReadonlySet<string> = new Set(["10003", "10014", "10015", "99991543", "99991662", "99991673", "99991401"]);

/** Too many calls: of the app, to one chat, and older codes for the same. */
const LIMITED: ReadonlySet<string> = new Set(["99991400", "230020", "11232", "11233", "11247"]);

/** Failures of the platform's own, after which the same call may work. */
const PASSING: ReadonlySet<string> = new Set(["2200", "230049", "232096", "234019", "234042"]);

/** Whether an error of a call means that a fresh token may help. */
export function isStaleToken(error: unknown): boolean {
  return isChannelError(error) && error.code === "auth" && error.platformCode !== undefined && STALE_TOKEN.has(error.platformCode);
}

const problemSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    code: v.number(),
    msg: v.fallback(v.string(), ""),
    error: v.fallback(v.object({ log_id: v.fallback(v.optional(v.string()), undefined), permission_violations: v.fallback(v.array(v.object({ subject: v.string() })), []) }), {
      log_id: undefined,
      permission_violations: [],
    }),
  }),
);

/** The error of a call that was not answered with success. */
export function apiError(answer: HttpAnswer): ChannelError {
  const { channel, action, status } = answer;
  const { code, message, requestId } = problemOf(answer);
  const logged = requestId === undefined ? "" : `, log id ${requestId}`;
  const text = `Lark: ${action} failed (HTTP ${status}, code ${code}${logged}): ${message}`;
  if (LIMITED.has(code) || status === 429) return new RateLimitError(text, { channel, retryAfterMs: pauseOf(answer.headers) });
  if (STALE_TOKEN.has(code) || REFUSED_APP.has(code)) return new AuthError(text, { channel, platformCode: code });
  if (status === 401) return new AuthError(text, { channel, platformCode: "401" });
  // Whoever stands in front of the platform got no answer from it, and nobody knows what it did.
  if (status === 504) return new UnknownOutcomeError(text, { channel });
  if (PASSING.has(code) || status === 408 || status >= 500) return new TransientError(text, { channel, status });
  return new PlatformError(text, { channel, platformCode: code, platformMessage: message, ...(requestId !== undefined && { requestId }) });
}

/** The error of an answer that says success and cannot be read: of a call that changes something, nobody knows what it did. */
export function unreadableError({ channel, action, body }: HttpAnswer, isSafe: boolean): ChannelError {
  const quoted = excerpt(body, LIMITS.quoteChars);
  const text = `Lark: ${action} gave no readable answer: ${quoted}`;
  return isSafe ? new ProtocolError(text, { channel, excerpt: quoted }) : new UnknownOutcomeError(text, { channel });
}

interface Problem {
  /** The platform's code; the HTTP status where there is none. */
  readonly code: string;
  readonly message: string;
  readonly requestId: string | undefined;
}

function problemOf({ status, headers, body }: HttpAnswer): Problem {
  const requestId = headers.get("x-tt-logid") ?? undefined;
  const problem = v.safeParse(problemSchema, body);
  if (!problem.success) return { code: String(status), message: excerpt(body, LIMITS.quoteChars), requestId };
  const { code, msg, error } = problem.output;
  const scopes = error.permission_violations.map(({ subject }) => subject).join(", ");
  const needed = scopes === "" ? "" : `; the app needs one of the scopes ${scopes}`;
  return { code: code === 0 ? String(status) : String(code), message: excerpt(msg, LIMITS.quoteChars) + needed, requestId: requestId ?? error.log_id };
}

function pauseOf(headers: Headers): number {
  const seconds = Number(headers.get("x-ogw-ratelimit-reset") ?? Number.NaN);
  return seconds > 0 ? Math.min(seconds * 1_000, LIMITS.ratePauseMaxMs) : LIMITS.ratePauseMs;
}
