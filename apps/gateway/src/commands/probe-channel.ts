import type { Channel, Clock } from "@revka/core";

/** What a health probe found. */
export interface ProbeResult {
  readonly name: string;
  readonly outcome: "healthy" | "unhealthy" | "timed out" | "skipped";
  readonly latencyMs?: number;
  /** Why; not yet redacted. */
  readonly detail?: string;
}

/** How long one channel may take to answer. */
export const PROBE_LIMIT_MS = 10_000;

/** Asks a channel for its health, for at most ten seconds. Never rejects. */
export async function probeChannel(channel: Channel, clock: Clock): Promise<ProbeResult> {
  const { name } = channel;
  const ended = new AbortController();
  const timedOut = (): ProbeResult => ({ name, outcome: "timed out" });
  const limit = clock.sleep(PROBE_LIMIT_MS, ended.signal).then(timedOut, timedOut); // an ended sleep is nobody's error
  try {
    return await Promise.race([ask(channel, ended.signal), limit]);
  } finally {
    ended.abort();
  }
}

async function ask(channel: Channel, signal: AbortSignal): Promise<ProbeResult> {
  const { name } = channel;
  try {
    const { ok, latencyMs, detail } = await channel.checkHealth(signal);
    return { name, outcome: ok ? "healthy" : "unhealthy", latencyMs: Math.round(latencyMs), ...(detail !== undefined && { detail }) };
  } catch (error) {
    return { name, outcome: "unhealthy", detail: error instanceof Error ? error.message : String(error) };
  }
}
