import type { GatewaySnapshot } from "../gateway-options.ts";

/** How one part of the daemon stands. Instants are ISO 8601. */
export interface ComponentHealth {
  readonly status: "ok" | "starting" | "error" | "stopped";
  readonly updated_at: string;
  /** When it last was well, or the platform last said anything. */
  readonly last_ok?: string;
  /** Redacted. */
  readonly last_error?: string;
  readonly restart_count: number;
}

/** What `/health` and the state file tell; nothing in it is secret. */
export interface RuntimeHealth {
  readonly pid: number;
  readonly updated_at: string;
  readonly uptime_seconds: number;
  readonly components: Readonly<Record<string, ComponentHealth>>;
}

/** What health is made of. */
export interface HealthFacts {
  readonly snapshot: GatewaySnapshot;
  readonly agent: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly now: number;
  readonly redact: (text: string) => string;
}

type ChannelSnapshot = GatewaySnapshot["channels"][number];

/** How everything stands, from what is known anyway: no platform is asked. */
export function describeHealth({ snapshot, startedAt, now, redact }: HealthFacts): RuntimeHealth {
  const isRunning = snapshot.state === "running";
  const own = (status: ComponentHealth["status"]): ComponentHealth => ({ status, updated_at: instant(now), ...(status === "ok" && { last_ok: instant(now) }), restart_count: 0 });
  const isBegun = snapshot.state !== "created";
  const channels = snapshot.channels.map((channel) => [`channel:${channel.name}`, isBegun ? channelHealth(channel, redact) : own("starting")] as const);
  const areUp = channels.every(([, { status }]) => status === "ok");
  return {
    pid: process.pid,
    updated_at: instant(now),
    uptime_seconds: Math.max(0, Math.floor((now - startedAt) / 1_000)),
    components: {
      daemon: own(snapshot.state === "stopped" ? "stopped" : snapshot.isDegraded ? "error" : isRunning ? "ok" : "starting"),
      channels: own(areUp ? "ok" : isBegun ? "error" : "starting"),
      agent: own(isRunning ? "ok" : "stopped"),
      ...Object.fromEntries(channels),
    },
  };
}

/** Why the gateway is not ready; empty when it is. */
export function reasonsNotReady({ state, isDegraded, channels }: GatewaySnapshot, redact: (text: string) => string): string[] {
  return [
    ...(state === "running" ? [] : [`the gateway is ${state}`]),
    ...(isDegraded ? ["the state database was damaged and an empty one took its place"] : []),
    ...channels.filter((channel) => !isUp(channel)).map(({ name, status }) => `${name} is ${status.state}${status.lastError === undefined ? "" : `: ${redact(status.lastError)}`}`),
  ];
}

/** Whether a channel works as far as its traffic tells; one that only sends is idle by design. */
export function isUp({ status }: ChannelSnapshot): boolean {
  return status.state === "connected" || status.state === "idle";
}

function channelHealth(channel: ChannelSnapshot, redact: (text: string) => string): ComponentHealth {
  const { state, since, lastFrameAt, lastError, reconnects } = channel.status;
  const wellAt = lastFrameAt ?? (isUp(channel) ? since : undefined);
  return {
    status: isUp(channel) ? "ok" : state === "connecting" ? "starting" : state === "stopped" ? "stopped" : "error",
    updated_at: instant(since),
    ...(wellAt !== undefined && { last_ok: instant(wellAt) }),
    ...(lastError !== undefined && { last_error: redact(lastError) }),
    restart_count: reconnects,
  };
}

function instant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
