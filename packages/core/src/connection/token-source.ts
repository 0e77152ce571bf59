import { backoffDelay, type BackoffOptions } from "./backoff.ts";
import type { Clock } from "../contract/clock.ts";
import { shareTask, type SharedTask } from "./shared-task.ts";

/** An access token. */
export interface Token {
  readonly value: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** Where calls get the current token. */
export interface TokenSource {
  /**
   * The token, fetched where there is none that is still good.
   * @throws whatever the fetch throws, or the signal's reason. While a failed fetch backs off, its error is thrown at once.
   */
  get(signal?: AbortSignal): Promise<string>;
  /** The platform refuses this token: forgets it, unless a newer one has taken its place. */
  invalidate(value: string): void;
}

/** How tokens are got and kept. */
export interface TokenSourceOptions {
  /** Asks the platform; its signal aborts when nobody waits any more. */
  readonly fetch: (signal: AbortSignal) => Promise<Token>;
  readonly clock: Clock;
  /** How long before its end a token is renewed; never before half of its life. */
  readonly refreshBeforeMs: number;
  /** How long failures keep the platform from being asked again. @default 1 s doubling to 60 s, plus or minus a fifth */
  readonly backoff?: BackoffOptions;
  /** @default Math.random */
  readonly random?: () => number;
  /** Called after each fetch that was not given up: whether a token came. */
  readonly onRefresh?: (isRefreshed: boolean) => void;
}

const DEFAULT_BACKOFF: BackoffOptions = { baseMs: 1_000, maxMs: 60_000, jitter: 0.2 };

interface Held {
  readonly value: string;
  readonly expiresAt: number;
  readonly renewAt: number;
}

interface Failure {
  readonly error: unknown;
  readonly attempt: number;
  /** On the monotonic clock. */
  readonly retryAt: number;
}

/**
 * Keeps one token in memory for all calls of a channel.
 *
 * Only one fetch runs at a time and everybody shares it. A token that is due but still valid is served while its
 * successor is fetched, also when that fails. Failures are never stored as results, but they hold the next attempt
 * back, so that wrong credentials do not become a flood of requests.
 */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { clock, refreshBeforeMs, backoff = DEFAULT_BACKOFF, random = Math.random, onRefresh } = options;
  let held: Held | undefined;
  let pending: SharedTask<string> | undefined;
  let failure: Failure | undefined;

  async function refresh(signal: AbortSignal): Promise<string> {
    const askedAt = clock.now();
    try {
      const { value, expiresAt } = await options.fetch(signal);
      const lifeMs = expiresAt - askedAt;
      held = { value, expiresAt, renewAt: expiresAt - Math.min(refreshBeforeMs, lifeMs / 2) };
      failure = undefined;
      onRefresh?.(true);
      return value;
    } catch (error) {
      const attempt = (failure?.attempt ?? 0) + 1;
      if (signal.aborted) throw error;
      failure = { error, attempt, retryAt: clock.monotonic() + backoffDelay(attempt, backoff, random) };
      onRefresh?.(false);
      throw error;
    }
  }

  const isBackingOff = (): boolean => failure !== undefined && clock.monotonic() < failure.retryAt;

  return {
    async get(signal) {
      signal?.throwIfAborted();
      const now = clock.now();
      if (held !== undefined && now < held.renewAt) return held.value;
      if (pending?.isRunning !== true && !isBackingOff()) pending = shareTask(refresh);
      if (held !== undefined && now < held.expiresAt) return held.value;
      if (pending?.isRunning !== true) throw failure?.error;
      return pending.wait(signal);
    },
    invalidate(value) {
      if (held?.value === value) held = undefined;
    },
  };
}

/**
 * Makes a call with the current token; when the platform calls the token stale, once more with a fresh one.
 * @param isStale - whether an error of `call` means that the token is no longer good.
 */
export async function withToken<T>(
  source: Pick<TokenSource, "get" | "invalidate">,
  call: (token: string) => Promise<T>,
  isStale: (error: unknown) => boolean,
): Promise<T> {
  const token = await source.get();
  try {
    return await call(token);
  } catch (error) {
    if (!isStale(error)) throw error;
    source.invalidate(token);
    return call(await source.get());
  }
}
