/** What a caller decides by. */
export type ChannelErrorCode =
  | "config"
  | "auth"
  | "rate-limit"
  | "transient"
  | "unknown-outcome"
  | "protocol"
  | "platform"
  | "too-large"
  | "no-route";

/** What every channel error may carry. */
export interface ChannelErrorOptions {
  /** The channel instance, e.g. `"qq"`. */
  readonly channel?: string;
  readonly cause?: unknown;
}

/** How far a message of several parts got. */
export interface SendProgress {
  readonly delivered: number;
  readonly total: number;
}

/** The root of everything a channel throws. An abort is not one of these: the signal's own reason comes through. */
export abstract class ChannelError extends Error {
  abstract readonly code: ChannelErrorCode;
  /** True also for an error of another installed copy of this package. */
  readonly isChannelError = true;
  readonly channel: string | undefined;
  /** Set when some parts of a message had arrived before this happened. */
  progress?: SendProgress;

  constructor(message: string, options: ChannelErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.channel = options.channel;
  }
}

/** One thing that is wrong in a configuration. */
export interface ConfigProblem {
  /** Dotted, from the top of the file: `channels_config.mochat.api_url`. */
  readonly path: string;
  /** What stands there, never a secret's value: `a number`, `"htp://x"`, `nothing`. */
  readonly found: string;
  /** What may stand there: `an absolute http or https URL`. */
  readonly allowed: string;
  /** What else helps, e.g. the nearest known key. */
  readonly hint?: string;
}

/** The operator's configuration is wrong; tells every problem at once. */
export class ConfigError extends ChannelError {
  override readonly name = "ConfigError";
  readonly code = "config";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], options?: ChannelErrorOptions) {
    super(problems.map(({ path, found, allowed }) => `${path}: found ${found}, allowed is ${allowed}`).join("\n"), options);
    this.problems = problems;
  }
}

/** The platform refuses the credentials, after one fresh token. Stop and tell the operator. */
export class AuthError extends ChannelError {
  override readonly name = "AuthError";
  readonly code = "auth";
  readonly platformCode: string | undefined;

  constructor(message: string, options: ChannelErrorOptions & { readonly platformCode?: string } = {}) {
    super(message, options);
    this.platformCode = options.platformCode;
  }
}

/** Slow down: the same call may work after `retryAfterMs`. Nothing was delivered. */
export class RateLimitError extends ChannelError {
  override readonly name = "RateLimitError";
  readonly code = "rate-limit";
  readonly retryAfterMs: number;

  constructor(message: string, options: ChannelErrorOptions & { readonly retryAfterMs: number }) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The network or the platform failed for now; nothing was delivered, so the same call may be repeated. */
export class TransientError extends ChannelError {
  override readonly name = "TransientError";
  readonly code = "transient";
  /** HTTP status, where there was one. */
  readonly status: number | undefined;
  /** WebSocket close code, where there was one. */
  readonly closeCode: number | undefined;

  constructor(message: string, options: ChannelErrorOptions & { readonly status?: number; readonly closeCode?: number } = {}) {
    super(message, options);
    this.status = options.status;
    this.closeCode = options.closeCode;
  }
}

/** The request was written and its answer lost: it may have been delivered. Repeat it only with an idempotency key. */
export class UnknownOutcomeError extends ChannelError {
  override readonly name = "UnknownOutcomeError";
  readonly code = "unknown-outcome";
}

/** Bytes that cannot be read as what they should be. Log once, drop them, go on. */
export class ProtocolError extends ChannelError {
  override readonly name = "ProtocolError";
  readonly code = "protocol";
  /** The beginning of what came, short and redacted. */
  readonly excerpt: string;

  constructor(message: string, options: ChannelErrorOptions & { readonly excerpt: string }) {
    super(message, options);
    this.excerpt = options.excerpt;
  }
}

/** The platform said no, for good. */
export class PlatformError extends ChannelError {
  override readonly name = "PlatformError";
  readonly code = "platform";
  readonly platformCode: string;
  readonly platformMessage: string;
  readonly requestId: string | undefined;

  constructor(
    message: string,
    options: ChannelErrorOptions & { readonly platformCode: string; readonly platformMessage: string; readonly requestId?: string },
  ) {
    super(message, options);
    this.platformCode = options.platformCode;
    this.platformMessage = options.platformMessage;
    this.requestId = options.requestId;
  }
}

/** Over a known limit, seen before anything was sent or beyond it while receiving. */
export class PayloadTooLargeError extends ChannelError {
  override readonly name = "PayloadTooLargeError";
  readonly code = "too-large";
  readonly limit: number;
  readonly actual: number;
  readonly unit: "bytes" | "chars" | "parts";

  constructor(message: string, options: ChannelErrorOptions & { readonly limit: number; readonly actual: number; readonly unit: "bytes" | "chars" | "parts" }) {
    super(message, options);
    this.limit = options.limit;
    this.actual = options.actual;
    this.unit = options.unit;
  }
}

/** There is nowhere to answer, e.g. the platform's reply window is over. Do not retry. */
export class NoReplyRouteError extends ChannelError {
  override readonly name = "NoReplyRouteError";
  readonly code = "no-route";
  readonly conversationId: string;

  constructor(message: string, options: ChannelErrorOptions & { readonly conversationId: string }) {
    super(message, options);
    this.conversationId = options.conversationId;
  }
}

/** Any error of this family, also one of another installed copy. */
export type AnyChannelError =
  | ConfigError
  | AuthError
  | RateLimitError
  | TransientError
  | UnknownOutcomeError
  | ProtocolError
  | PlatformError
  | PayloadTooLargeError
  | NoReplyRouteError;

/** Whether `error` is one of ours; its `code` then tells which. */
export function isChannelError(error: unknown): error is AnyChannelError {
  return typeof error === "object" && error !== null && "isChannelError" in error && error.isChannelError === true;
}
