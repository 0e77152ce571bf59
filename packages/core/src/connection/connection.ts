import { backoffDelay, type BackoffOptions } from "./backoff.ts";
import type { ChannelContext } from "../contract/context.ts";
import { isChannelError, TransientError } from "../contract/errors.ts";
import { faultOf } from "../dialling/fault.ts";
import type { StatusRecorder } from "../contract/status.ts";

/** Why a connection that had been made is over, e.g. what a socket's `closed` gives. */
export interface EndReason {
  readonly code: number;
  readonly reason: string;
}

/**
 * What comes after a connection. `"reconnect-now"` does not wait the first time in a row, then backs off like
 * `"backoff"`, so that two sides never hammer at each other. `"fatal"` ends the keeping with the error.
 */
export type NextStep = "reconnect-now" | "backoff" | "fatal" | { readonly waitMs: number };

/** How a connection is kept. */
export interface KeepConnectedOptions<T extends AsyncDisposable> {
  readonly context: ChannelContext;
  readonly status: StatusRecorder;
  /** Makes a connection that is ready for use. */
  readonly connect: (signal: AbortSignal) => Promise<T>;
  /** Uses it until it is over and tells why. However it ends, the connection is disposed of before the next is made. */
  readonly run: (connection: T, signal: AbortSignal) => Promise<EndReason>;
  readonly backoff: BackoffOptions;
  /** What to do after an end. @default "backoff" */
  readonly afterEnd?: (end: EndReason) => NextStep;
  /** What to do after an error of `connect` or `run`. @default as `afterError` says */
  readonly afterError?: (error: unknown) => NextStep;
  /** A connection that lasted this long ends a row of failures. @default 10_000 */
  readonly healthyAfterMs?: number;
  readonly signal: AbortSignal;
}

/** What an error means unless a channel knows better: refused credentials are final, a rate limit tells its wait, the rest backs off. */
export function afterError(error: unknown): NextStep {
  if (!isChannelError(error)) return "backoff";
  if (error.code === "auth" || error.code === "config") return "fatal";
  return error.code === "rate-limit" ? { waitMs: error.retryAfterMs } : "backoff";
}

const DEFAULT_HEALTHY_AFTER_MS = 10_000;
/** The longest wait that anybody may ask for. */
const MAX_WAIT_MS = 3_600_000;
/** A row of failures is mentioned again at every so many. */
const WARN_EVERY = 20;

/**
 * Connects, uses the connection, and does so again after whatever ended it, until `signal` aborts; then it resolves
 * with nothing left open. It never gives up by itself: only a "fatal" step ends it earlier, by throwing.
 *
 * The log says when a row of failures begins, now and then that it goes on, and when it is over.
 *
 * @throws the error that was judged fatal; a TransientError for a fatal end.
 */
export async function keepConnected<T extends AsyncDisposable>(options: KeepConnectedOptions<T>): Promise<void> {
  const { context, status, signal, healthyAfterMs = DEFAULT_HEALTHY_AFTER_MS } = options;
  let failures = 0;
  let wasConnected = false;
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    const outcome: Outcome = await liveOnce(options, { isNews: failures <= 1 || !wasConnected });
    if (isOver()) break;
    failures = outcome.livedMs >= healthyAfterMs ? 1 : failures + 1;
    wasConnected = outcome.wasConnected;
    const step = stepAfter(outcome, options);
    if (step === "fatal") {
      status.set("failed", outcome.text);
      throw outcome.error;
    }
    const delayMs = waitFor(step, failures, options);
    status.set("backoff", outcome.text);
    context.logger[failures % WARN_EVERY === 1 ? "warn" : "debug"](
      { channel: context.instance, attempt: failures, delayMs, reason: outcome.text },
      "connection lost, connecting again",
    );
    if (delayMs > 0) await context.clock.sleep(delayMs, signal).catch(() => undefined);
  }
  status.set("stopped");
}

interface Outcome {
  readonly livedMs: number;
  readonly wasConnected: boolean;
  /** For the log and the status. */
  readonly text: string;
  /** Why it is over, as an error. */
  readonly error: unknown;
  /** Set when it is over without an error. */
  readonly end?: EndReason;
}

async function liveOnce<T extends AsyncDisposable>(options: KeepConnectedOptions<T>, { isNews }: { isNews: boolean }): Promise<Outcome> {
  const { context, status, signal } = options;
  let connectedAt: number | undefined;
  const life = (): Pick<Outcome, "livedMs" | "wasConnected"> => ({
    livedMs: connectedAt === undefined ? 0 : context.clock.monotonic() - connectedAt,
    wasConnected: connectedAt !== undefined,
  });
  try {
    status.set("connecting");
    const connection = await options.connect(signal);
    try {
      connectedAt = context.clock.monotonic();
      status.set("connected");
      context.logger[isNews ? "info" : "debug"]({ channel: context.instance }, "connected");
      const end = await options.run(connection, signal);
      const text = `closed with code ${end.code}${end.reason === "" ? "" : `: ${end.reason}`}`;
      return { ...life(), text, end, error: new TransientError(text, { channel: context.instance, closeCode: end.code }) };
    } finally {
      await connection[Symbol.asyncDispose]();
    }
  } catch (error) {
    return { ...life(), text: isChannelError(error) ? error.message : faultOf(error), error };
  }
}

function stepAfter<T extends AsyncDisposable>({ end, error }: Outcome, options: KeepConnectedOptions<T>): NextStep {
  if (end !== undefined) return options.afterEnd?.(end) ?? "backoff";
  return (options.afterError ?? afterError)(error);
}

type WaitOptions = Pick<KeepConnectedOptions<AsyncDisposable>, "backoff" | "context">;

function waitFor(step: Exclude<NextStep, "fatal">, failures: number, { backoff, context }: WaitOptions): number {
  if (typeof step === "object") return Math.min(step.waitMs, MAX_WAIT_MS);
  if (step === "reconnect-now" && failures === 1) return 0;
  return backoffDelay(failures, backoff, context.random);
}
