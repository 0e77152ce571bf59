import { backoffDelay, isChannelError, type Accept, type Channel, type ChannelErrorCode } from "@revka/core";
import { describeError } from "./describe-error.ts";
import { sleeps } from "./sleeps.ts";
import type { Runtime } from "./runtime.ts";

/** What a supervisor needs of the gateway. */
export type SupervisorRuntime = Pick<Runtime, "clock" | "random" | "logger" | "redact"> & {
  /** Ends the listening. */
  readonly signal: AbortSignal;
};

const BACKOFF = { baseMs: 2_000, maxMs: 60_000, jitter: 0.2 } as const;

/** Connected for so long, a channel has earned a fresh start of its back-off; one that needs 30 s to fail has not. */
const HEALTHY_AFTER_MS = 10_000;

/** What only an operator can mend, at the platform or in the file, is told once and tried again after this. */
const OPERATOR_RETRY_MS = 300_000;

/** Refused credentials, and settings that do not go together. */
const FOR_OPERATORS: ReadonlySet<ChannelErrorCode> = new Set(["auth", "config"]);

/** Keeps one channel listening until the signal aborts; never rejects, so that one channel's failure is nobody else's. */
export async function supervise(channel: Channel, accept: Accept, runtime: SupervisorRuntime): Promise<void> {
  const { clock, random, logger, signal } = runtime;
  let failures = 0;
  let lastRefusal: string | undefined;
  for (;;) {
    const run = await listenOnce(channel, accept, runtime);
    if (signal.aborted) return;
    failures = run.wasHealthy ? 1 : failures + 1;
    const isRefused = isChannelError(run.error) && FOR_OPERATORS.has(run.error.code);
    const delayMs = isRefused ? OPERATOR_RETRY_MS : backoffDelay(failures, BACKOFF, random);
    const reason = run.error === undefined ? undefined : describeError(run.error, runtime);
    const text = reason === undefined ? `Channel ${channel.name} exited unexpectedly; restarting` : `Channel ${channel.name} error: ${reason}; restarting`;
    const fields = { component: `channel:${channel.name}`, channel: channel.name, attempt: failures, delay_ms: Math.round(delayMs) };
    if (!isRefused) logger.warn(fields, text);
    else if (reason !== lastRefusal) logger.error(fields, text);
    lastRefusal = isRefused ? reason : undefined;
    if (!(await sleeps(delayMs, clock, signal))) return;
  }
}

interface Run {
  readonly wasHealthy: boolean;
  /** Absent when `listen` returned without being asked to. */
  readonly error?: unknown;
}

async function listenOnce(channel: Channel, accept: Accept, runtime: SupervisorRuntime): Promise<Run> {
  const ended = new AbortController();
  const health = watchHealth(channel, runtime, AbortSignal.any([runtime.signal, ended.signal]));
  let failure: { readonly error?: unknown } = {};
  try {
    await channel.listen(accept, runtime.signal);
  } catch (error) {
    failure = { error };
  }
  ended.abort();
  return { wasHealthy: await health, ...failure };
}

/** Whether the channel was connected (or, sending only, idle) for ten seconds in one piece. */
async function watchHealth(channel: Channel, { clock }: SupervisorRuntime, ended: AbortSignal): Promise<boolean> {
  let waitMs = HEALTHY_AFTER_MS;
  while (await sleeps(waitMs, clock, ended)) {
    const { state, since } = channel.status();
    const isUp = state === "connected" || state === "idle";
    const leftMs = isUp ? HEALTHY_AFTER_MS - (clock.now() - since) : HEALTHY_AFTER_MS;
    if (leftMs <= 0) return true;
    waitMs = Math.min(leftMs, HEALTHY_AFTER_MS);
  }
  return false;
}
