import type { Clock } from "./clock.ts";

/** How a channel's connection stands. */
export type ChannelState = "idle" | "connecting" | "connected" | "backoff" | "failed" | "stopped";

/** A snapshot of a channel, made from traffic alone. All instants are epoch ms. */
export interface ChannelStatus {
  readonly state: ChannelState;
  /** When `state` last changed. */
  readonly since: number;
  /** When the platform last said anything at all. */
  readonly lastFrameAt?: number;
  /** When the last message for us came in. */
  readonly lastInboundAt?: number;
  /** Why it is not connected; redacted. */
  readonly lastError?: string;
  /** How often the connection was made again. */
  readonly reconnects: number;
}

/** Keeps a channel's status as its traffic goes by. */
export interface StatusRecorder {
  /**
   * Changes the state. `"connected"` after another state counts as a reconnect; whenever it is said without an error,
   * the last one is over. With an error it says that the connection stands, but something is wrong with it.
   */
  set(state: ChannelState, error?: string): void;
  /** The platform said something. A timer of ours must never call this. */
  frame(): void;
  /** A message for us came in. */
  inbound(): void;
  snapshot(): ChannelStatus;
}

/** A recorder in state `"idle"`. */
export function createStatusRecorder(clock: Clock): StatusRecorder {
  let state: ChannelState = "idle";
  let since = clock.now();
  let lastFrameAt: number | undefined;
  let lastInboundAt: number | undefined;
  let lastError: string | undefined;
  let connections = 0;
  return {
    set(next, error) {
      if (next === "connected") {
        if (state !== "connected") connections += 1;
        lastError = undefined;
      }
      if (error !== undefined) lastError = error;
      if (next === state) return;
      state = next;
      since = clock.now();
    },
    frame() {
      lastFrameAt = clock.now();
    },
    inbound() {
      lastInboundAt = clock.now();
    },
    snapshot: () => ({
      state,
      since,
      reconnects: Math.max(0, connections - 1),
      ...(lastFrameAt !== undefined && { lastFrameAt }),
      ...(lastInboundAt !== undefined && { lastInboundAt }),
      ...(lastError !== undefined && { lastError }),
    }),
  };
}
