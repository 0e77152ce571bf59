import type { Clock } from "../contract/clock.ts";
import { onceAborted } from "../dialling/deadline.ts";

/** Keeps a connection alive and notices when it is dead. */
export interface Heartbeat {
  /** The other side said something; call it for every frame. Costs two readings of the clock and sets no timer. */
  heard(): void;
  /** A new interval, e.g. one the platform asks for, counted from the last ping; at least 100 ms. */
  setInterval(intervalMs: number): void;
}

/** How a heart beats. */
export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly intervalMs: number;
  /** Silence that makes the connection stale. */
  readonly timeoutMs: number;
  /** Sends a ping. When it fails, the connection counts as stale. */
  readonly ping: () => void | Promise<void>;
  /** Called once, with how long nothing was heard; the heart then stands still. */
  readonly onStale: (silentMs: number) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Whether the first ping goes out at once. @default false */
  readonly immediate?: boolean;
}

/** The longest time between two looks at the clock: a machine that slept is noticed this soon after it wakes. */
const MAX_LOOK_MS = 10_000;
const MIN_INTERVAL_MS = 100;

/**
 * Starts pinging every `intervalMs`, and watches for silence; anything heard counts, not only answers to pings.
 *
 * Silence is the longer of what the monotonic and the wall clock say: the former stands still while a machine sleeps,
 * the latter may be set back.
 */
export function createHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { clock, timeoutMs, signal } = options;
  let intervalMs = Math.max(MIN_INTERVAL_MS, options.intervalMs);
  let pingedAt = options.immediate === true ? -Infinity : clock.monotonic();
  let heardMonotonic = clock.monotonic();
  let heardNow = clock.now();
  let look = new AbortController();
  let isOver = signal.aborted;

  const silentMs = (): number => Math.max(clock.monotonic() - heardMonotonic, clock.now() - heardNow);
  const untilPingMs = (): number => pingedAt + intervalMs - clock.monotonic();

  function stop(): void {
    isOver = true;
    forget();
    look.abort();
  }

  function declareStale(): void {
    if (isOver) return;
    stop();
    options.onStale(silentMs());
  }

  async function ping(): Promise<void> {
    pingedAt = clock.monotonic();
    await options.ping();
  }

  async function beat(): Promise<void> {
    while (!isOver) {
      if (untilPingMs() <= 0) void ping().catch(declareStale);
      look = new AbortController();
      const restMs = Math.min(MAX_LOOK_MS, untilPingMs(), timeoutMs - silentMs());
      await clock.sleep(Math.max(0, restMs), look.signal).catch(() => undefined);
      if (silentMs() >= timeoutMs) declareStale();
    }
  }

  const forget = onceAborted(signal, stop);
  void beat();

  return {
    heard() {
      heardMonotonic = clock.monotonic();
      heardNow = clock.now();
    },
    setInterval(ms) {
      intervalMs = Math.max(MIN_INTERVAL_MS, ms);
      look.abort();
    },
  };
}
