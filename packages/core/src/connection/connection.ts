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
 * `"backoff"`, so that two sides never hammer at each other. `"fatal"` ends the keeping with the error. A wait may show
 * as `"failed"`: an operator has to act, but it is tried again in case that he has.
 */
export type NextStep = "reconnect-now" | "backoff" | "fatal" | { readonly waitMs: number; readonly state?: "backoff" | "failed" };

/** How a connection is kept. */
export interface KeepConnectedOptions<T extends AsyncDisposable> {
  readonly context: ChannelContext;
  readonly status: StatusRecorder;
  /** Makes a connection that is ready for use. */
  readonly connect: (signal: AbortSignal) => Promise<T>;
  /**
   * Resolves once the other side has said something on a connection; only then the status says that it is connected.
   * A connection that opens and stays silent must not pass for one that works.
   * @default it counts at once
   */
  readonly heard?: (connection: T) => Promise<unknown>;
  /**
   * Uses it until it is over and tells why. However it ends, the connection is disposed of before the next is made.
   *
   * Unless it calls `retire`, because the other side is about to end it: then the next is made at once, and this one is
   * used until it is over or `overlapMs` have passed. Disposing of it, which may happen twice, must end the run.
   */
  readonly run: (connection: T, signal: AbortSignal, retire: () => void) => Promise<EndReason>;
  readonly backoff: BackoffOptions;
  /** What to do after an end. @default "backoff" */
  readonly afterEnd?: (end: EndReason) => NextStep;
  /** What to do after an error of `connect` or `run`. @default as `afterError` says */
  readonly afterError?: (error: unknown) => NextStep;
  /** A connection that lasted this long ends a row of failures. @default 10_000 */
  readonly healthyAfterMs?: number;
  /** How long a connection that retires may still be used. @default 10_000 */
  readonly overlapMs?: number;
  readonly signal: AbortSignal;
}

/** What an error means unless a channel knows better: refused credentials are final, a rate limit tells its wait, the rest backs off. */
export function afterError(error: unknown): NextStep {
  if (!isChannelError(error)) return "backoff";
  if (error.code === "auth" || error.code === "config") return "fatal";
  return error.code === "rate-limit" ? { waitMs: error.retryAfterMs } : "backoff";
}

const DEFAULT_HEALTHY_AFTER_MS = 10_000;
const DEFAULT_OVERLAP_MS = 10_000;
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
  const { status, signal } = options;
  const over = new AbortController();
  // Each stays for `overlapMs` at most, and the next one is not made sooner than the back-off allows.
  const retired = new Set<Promise<void>>();
  try {
    await liveOnAndOn(options, (connection, running) => {
      const leaving = runOut({ connection, running, signal: AbortSignal.any([signal, over.signal]) }, options).finally(() => retired.delete(leaving));
      retired.add(leaving);
    });
  } finally {
    over.abort();
    await Promise.all(retired);
  }
  status.set("stopped");
}

/** Takes over a connection that retires and what uses it. */
type SeeOff<T> = (connection: T, running: Promise<EndReason>) => void;

async function liveOnAndOn<T extends AsyncDisposable>(options: KeepConnectedOptions<T>, seeOff: SeeOff<T>): Promise<void> {
  const { context, status, signal, healthyAfterMs = DEFAULT_HEALTHY_AFTER_MS } = options;
  const tell = createTeller(options);
  let failures = 0;
  let last: Pick<Outcome, "wasConnected" | "isRetired"> = { wasConnected: false };
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    const isReplacement = last.isRetired === true;
    const isNews = !isReplacement && (failures <= 1 || !last.wasConnected);
    const outcome = await liveOnce(options, { isNews, isReplacement, seeOff });
    if (isOver()) return;
    failures = outcome.livedMs >= healthyAfterMs ? 1 : failures + 1;
    last = outcome;
    const step = stepAfter(outcome, options);
    if (step === "fatal") {
      status.set("failed", outcome.text);
      throw outcome.error;
    }
    const delayMs = waitFor(step, failures, options);
    tell(outcome, { attempt: failures, delayMs, isRefused: typeof step === "object" && step.state === "failed" });
    if (delayMs > 0) await context.clock.sleep(delayMs, signal).catch(() => undefined);
  }
}

interface Prospect {
  readonly attempt: number;
  readonly delayMs: number;
  /** An operator has to act. */
  readonly isRefused: boolean;
}

/** Tells the log and the status what comes after a connection. */
function createTeller({ context, status }: Pick<WaitOptions, "context"> & { readonly status: StatusRecorder }): (outcome: Outcome, prospect: Prospect) => void {
  let wasRefused = false;
  return ({ isRetired, wasConnected, text }, { attempt, delayMs, isRefused }) => {
    const fields = { channel: context.instance, attempt, delayMs, reason: text };
    if (isRetired === true && delayMs === 0) {
      context.logger.info(fields, "connection is about to end, making the next");
      return;
    }
    status.set(isRefused ? "failed" : "backoff", text);
    const isLoud = attempt % WARN_EVERY === 1 || (isRefused && !wasRefused);
    context.logger[isLoud ? (isRefused ? "error" : "warn") : "debug"](fields, wasConnected ? "connection lost, connecting again" : "cannot connect, trying again");
    wasRefused = isRefused;
  };
}

interface Outcome {
  readonly livedMs: number;
  readonly wasConnected: boolean;
  /** It is still in use, for a while. */
  readonly isRetired?: boolean;
  /** For the log and the status. */
  readonly text: string;
  /** Why it is over, as an error. */
  readonly error: unknown;
  /** Set when it is over without an error. */
  readonly end?: EndReason;
}

interface LifeOptions<T> {
  /** To be told in the log. */
  readonly isNews: boolean;
  /** The connection before is still in use. */
  readonly isReplacement: boolean;
  readonly seeOff: SeeOff<T>;
}

async function liveOnce<T extends AsyncDisposable>(options: KeepConnectedOptions<T>, { isNews, isReplacement, seeOff }: LifeOptions<T>): Promise<Outcome> {
  const { context, status, signal } = options;
  let connectedAt: number | undefined;
  const life = (): Pick<Outcome, "livedMs" | "wasConnected"> => ({
    livedMs: connectedAt === undefined ? 0 : context.clock.monotonic() - connectedAt,
    wasConnected: connectedAt !== undefined,
  });
  try {
    if (!isReplacement) status.set("connecting");
    const connection = await options.connect(signal);
    connectedAt = context.clock.monotonic();
    const over = new AbortController();
    tellConnected(connection, { ...options, isNews, over: over.signal });
    const retiring = Promise.withResolvers<undefined>();
    const running = use(connection, options, () => retiring.resolve(undefined));
    const end = await Promise.race([running, retiring.promise]).finally(() => over.abort());
    const text = end === undefined ? "about to be closed by the other side" : describeEnd(end);
    const error = new TransientError(text, { channel: context.instance, ...(end && { closeCode: end.code }) });
    if (end === undefined) seeOff(connection, running);
    return { ...life(), text, error, ...(end === undefined ? { isRetired: true } : { end }) };
  } catch (error) {
    return { ...life(), text: isChannelError(error) ? error.message : faultOf(error), error };
  }
}

interface Greeting<T> extends Pick<KeepConnectedOptions<T & AsyncDisposable>, "context" | "status" | "heard"> {
  readonly isNews: boolean;
  /** The connection is over. */
  readonly over: AbortSignal;
}

/** Says that it is connected, as soon as that is known. */
function tellConnected<T extends AsyncDisposable>(connection: T, { context, status, heard, isNews, over }: Greeting<T>): void {
  const tell = (): void => {
    if (over.aborted) return;
    status.set("connected");
    context.logger[isNews ? "info" : "debug"]({ channel: context.instance }, "connected");
  };
  if (heard === undefined) tell();
  else void heard(connection).then(tell);
}

async function use<T extends AsyncDisposable>(connection: T, { run, signal }: KeepConnectedOptions<T>, retire: () => void): Promise<EndReason> {
  try {
    return await run(connection, signal, retire);
  } finally {
    await connection[Symbol.asyncDispose]();
  }
}

/** Waits for the end of a connection that has retired; brings it about when it takes too long, or `signal` aborts. */
async function runOut<T extends AsyncDisposable>(
  { connection, running, signal }: { readonly connection: T; readonly running: Promise<EndReason>; readonly signal: AbortSignal },
  { context, overlapMs = DEFAULT_OVERLAP_MS }: KeepConnectedOptions<T>,
): Promise<void> {
  const ended = new AbortController();
  const told = running.then(describeEnd, faultOf).finally(() => ended.abort());
  await context.clock.sleep(overlapMs, AbortSignal.any([signal, ended.signal])).catch(() => undefined);
  // Its run disposes of it as well, and tells what went wrong.
  if (!ended.signal.aborted) await connection[Symbol.asyncDispose]().then(undefined, () => undefined);
  context.logger.debug({ channel: context.instance, reason: await told }, "replaced connection is over");
}

function describeEnd({ code, reason }: EndReason): string {
  return `closed with code ${code}${reason === "" ? "" : `: ${reason}`}`;
}

function stepAfter<T extends AsyncDisposable>({ isRetired, end, error }: Outcome, options: KeepConnectedOptions<T>): NextStep {
  if (isRetired === true) return "reconnect-now";
  if (end !== undefined) return options.afterEnd?.(end) ?? "backoff";
  return (options.afterError ?? afterError)(error);
}

type WaitOptions = Pick<KeepConnectedOptions<AsyncDisposable>, "backoff" | "context">;

function waitFor(step: Exclude<NextStep, "fatal">, failures: number, { backoff, context }: WaitOptions): number {
  if (typeof step === "object") return Math.min(step.waitMs, MAX_WAIT_MS);
  if (step === "reconnect-now" && failures === 1) return 0;
  return backoffDelay(failures, backoff, context.random);
}
