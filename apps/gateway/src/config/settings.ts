import type { ProxyChoice } from "@revka/core";

/** What becomes of a turn that a crash or a stop interrupted. */
export type InterruptedTurns = "retry" | "notify";

/** How conversations are told apart in a group. */
export type ConversationScope = "sender" | "room";

/** The scalar keys of `[channels_config]`, in our units. */
export interface DispatchSettings {
  /** A turn without any word from the agent for this long is given up. `message_timeout_secs`, default 300 s, floor 30 s. */
  readonly idleTimeoutMs: number;
  /** A turn is given up after this, whatever it says. `message_timeout_max_secs`, default 1200 s. */
  readonly turnTimeoutMs: number;
  /** Messages that may wait in one conversation. `queue_cap`, default 20. */
  readonly queueCap: number;
  /** Messages that may wait in all. `queue_total`, default 2000. */
  readonly queueTotal: number;
  /** Turns that run at once. `max_in_flight`; default: channels x 4, within 8 and 64. */
  readonly maxInFlight: number | undefined;
  /** Messages of one sender within a minute before further ones are refused; 0: no limit. `sender_limit_per_minute`, default 20. */
  readonly senderLimitPerMinute: number;
  /** `conversation_scope`, default `"sender"`. */
  readonly conversationScope: ConversationScope;
  /** `interrupted_turns`, default `"retry"`. */
  readonly interruptedTurns: InterruptedTurns;
  /** Accepted messages older than this become dead letters. `replay_max_age_secs`, default 86400 s. */
  readonly replayMaxAgeMs: number;
  /** Messages older than this when they arrive are not answered; 0: off. `max_message_age_secs`, default 0. */
  readonly maxMessageAgeMs: number;
  /** Users are told when something went wrong. `error_replies`, default true. */
  readonly errorReplies: boolean;
  /** How long a stop waits for turns and their sends. `drain_timeout_secs`, default 25 s. */
  readonly drainTimeoutMs: number;
}

/** `[agent]`. */
export interface AgentSettings {
  /** `kind`, default `"echo"`. */
  readonly kind: "echo";
  /** How long the echo thinks. `delay_ms`, default 0. */
  readonly delayMs: number;
  /** Whether the file has an `[agent]` table with a `kind`. */
  readonly isConfigured: boolean;
}

/** `[log]`. */
export interface LogSettings {
  /** `level`, default `"info"`. */
  readonly level: "error" | "warn" | "info" | "debug" | "trace";
  /** `format`; default: `"pretty"` on a terminal, else `"json"`. */
  readonly format: "pretty" | "json" | undefined;
}

/** `[state]`. */
export interface StateSettings {
  /** `synchronous`: `"normal"` survives a crash of the process, `"full"` also a power cut. Default `"normal"`. */
  readonly synchronous: "normal" | "full";
}

/** The `[proxy]` table, together with the proxies of the environment. */
export interface ProxySettings {
  /** Off when the table says `enabled = false`, whatever the environment holds. */
  readonly enabled: boolean;
  readonly httpProxy: ProxyChoice | undefined;
  readonly httpsProxy: ProxyChoice | undefined;
  /** For whatever has no proxy of its own. */
  readonly allProxy: ProxyChoice | undefined;
  /** Targets that are reached directly. */
  readonly noProxy: readonly string[];
  /** `scope`, default `"revka"`. Everything here is our own traffic, so `"environment"` does the same. */
  readonly scope: "environment" | "revka" | "services";
  /** Used with scope `"services"`: `channel.mochat`, `channel.*`, ... */
  readonly services: readonly string[];
}

/** `[ops]`, together with the environment. */
export interface OpsSettings {
  /** `enabled`, default true. */
  readonly enabled: boolean;
  /** `host`, default `"127.0.0.1"`. */
  readonly host: string;
  /** `port`, default 42617; 0 takes any that is free. */
  readonly port: number;
  /** `allow_public_bind`, default false. */
  readonly isPublicAllowed: boolean;
}

/** Everything in the file that is not a channel's own section. */
export interface Settings {
  readonly dispatch: DispatchSettings;
  readonly agent: AgentSettings;
  readonly log: LogSettings;
  readonly state: StateSettings;
  readonly ops: OpsSettings;
  readonly proxy: ProxySettings;
}
