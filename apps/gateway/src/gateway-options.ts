import type { Channel, ChannelContext, ChannelStatus, Clock, CreatedChannels, Logger, ProxyChoice, Redactor } from "@revka/core";
import type { Agent } from "./agents/agent.ts";
import type { Settings } from "./config/settings.ts";
import type { GatewayObserver } from "./observer.ts";

/** What a gateway is made of. */
export interface GatewayOptions {
  /** Where `state.sqlite` and the lock live: the config folder. Created where it is missing. */
  readonly folder: string;
  readonly settings: Settings;
  readonly logger: Logger;
  /** Makes the channels. Each instance gets its own context: store, logger and proxy decision. */
  readonly createChannels: (contextOf: (instance: string) => ChannelContext) => Promise<CreatedChannels>;
  /** Default: direct. */
  readonly proxyFor?: (instance: string, url: URL) => ProxyChoice;
  readonly redactor?: Redactor;
  /** Default: the one that `settings.agent` names. */
  readonly agent?: Agent;
  readonly observer?: GatewayObserver;
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

/** A gateway: channels on one side, an agent on the other, and between them an inbox that forgets nothing. */
export interface Gateway {
  readonly channels: readonly Channel[];
  /** Goes on with what the last run left, then starts to listen; resolves when that is under way. Once. */
  start(): Promise<void>;
  /**
   * Stops listening, waits for turns and their sends as long as `drainTimeoutMs` allows, gives up the rest (their rows
   * stay for the next start), and closes. Also ends a gateway that was never started. Further calls share the first.
   */
  stop(): Promise<void>;
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
