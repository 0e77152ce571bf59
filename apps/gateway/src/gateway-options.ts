import type { Channel, ChannelContext, ChannelStatus, Clock, CreatedChannels, Logger, Redactor } from "@revka/core";
import type { Agent } from "./agents/agent.ts";
import type { Settings } from "./config/settings.ts";
import type { ChannelObserver, GatewayObserver } from "./observer.ts";

/** What a gateway is made of. */
export interface GatewayOptions {
  /** Where `state.sqlite` and the lock live: the config folder. Created where it is missing. */
  readonly folder: string;
  readonly settings: Settings;
  readonly logger: Logger;
  /** Makes the channels. Each instance gets its own context: store, logger and proxy decision. */
  readonly createChannels: (contextOf: (instance: string) => ChannelContext) => Promise<CreatedChannels>;
  readonly redactor?: Redactor;
  /** Default: the one that `settings.agent` names. */
  readonly agent?: Agent;
  readonly observer?: GatewayObserver;
  readonly channelObserver?: ChannelObserver;
  readonly clock?: Clock;
  /** Uniform in [0, 1): for jitter. */
  readonly random?: () => number;
}

/** How a gateway stands, without any I/O. */
export interface GatewaySnapshot {
  readonly state: "created" | "running" | "draining" | "stopped";
  /** The state database was damaged and an empty one took its place. */
  readonly isDegraded: boolean;
  /** Accepted messages that are not done yet. */
  readonly unfinished: number;
  /** Turns that the agent works on. */
  readonly thinking: number;
  readonly channels: readonly { readonly name: string; readonly displayName: string; readonly status: ChannelStatus }[];
}

/** A change while the gateway runs. */
export interface ChannelChange {
  /** The channels that go or are replaced, by name. */
  readonly leaving: readonly string[];
  /** Makes those that come. */
  readonly createChannels: GatewayOptions["createChannels"];
  /** What holds from now on; absent: as before. `agent`, `state`, `ops` and the format of `log` keep what the start gave them. */
  readonly settings?: Settings;
}

/** A gateway: channels on one side, an agent on the other, and between them an inbox that forgets nothing. */
export interface Gateway {
  /** As they are now; each stands in for its successor, too. */
  readonly channels: readonly Channel[];
  /** Goes on with what the last run left, then starts to listen; resolves when that is under way. Once. */
  start(): Promise<void>;
  /**
   * Stops listening, waits for turns and their sends as long as `drainTimeoutMs` allows, gives up the rest (their rows
   * stay for the next start), and closes. Also ends a gateway that was never started. Further calls share the first.
   */
  stop(): Promise<void>;
  /**
   * Replaces channels, adds some or takes some away, and goes by other settings; the other channels notice nothing. What was accepted is still answered, by the
   * successor where there is one. One call at a time.
   * @throws what `createChannels` throws, and then nothing has changed; TypeError unless the gateway runs.
   */
  reconfigure(change: ChannelChange): Promise<void>;
  /** Resolves once stopped; rejects when the gateway cannot go on, and `stop` is then still to be called. */
  readonly closed: Promise<void>;
  /**
   * Answers a message that was given up, now. `"unknown"`: it is no dead letter; `"no-channel"`: its channel is not here.
   */
  replay(seq: number): Promise<"replayed" | "unknown" | "no-channel">;
  /** Forgets a message that was given up; false when it is no dead letter. */
  drop(seq: number): Promise<boolean>;
  snapshot(): GatewaySnapshot;
}
