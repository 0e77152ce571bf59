import { isChannelError, type ChannelContext, type HealthReport, type StatusRecorder, type TokenSource } from "@revka/core";

/** What a health check needs. */
export interface HealthMeans {
  readonly tokens: Pick<TokenSource, "get">;
  readonly status: StatusRecorder;
  readonly context: ChannelContext;
}

/** A health check: whether there is an access token, or one can be had, and how the connection stands by its traffic. */
export function createHealthCheck({ tokens, status, context: { clock } }: HealthMeans): (signal?: AbortSignal) => Promise<HealthReport> {
  return async (signal) => {
    const startedAt = clock.monotonic();
    const report = (ok: boolean, detail: string): HealthReport => ({ ok, latencyMs: Math.round(clock.monotonic() - startedAt), detail });
    try {
      await tokens.get(signal);
    } catch (error) {
      if (!isChannelError(error)) throw error;
      return report(false, error.message);
    }
    const { state, lastError } = status.snapshot();
    if (state === "connected") return report(true, "the platform takes the credentials; connected to the gateway");
    if (state === "idle" || state === "stopped") return report(true, "the platform takes the credentials");
    return report(false, `not connected to the gateway: ${lastError ?? "not yet"}`);
  };
}
