import type { ProxyChoice } from "@revka/core";

/** What becomes of a turn that a crash or a stop interrupted. */
export type InterruptedTurns = "retry" | "notify";

/** How conversations are told apart in a group. */
export type ConversationScope = "sender" | "room";

/** How an answer is shown while it grows. `"multi_message"` is accepted and acts like `"off"`. */
export type StreamMode = "off" | "partial" | "multi_message";

/** How a channel's messages are treated: its section says it, or `[channels_config]` for all. */
export interface PresenceSettings {
  /** Each accepted message gets a small sign, where the channel can. `ack_reactions`, default true. */
  readonly ackReactions: boolean;
  /** `stream_mode`, default `"off"`. */
  readonly streamMode: StreamMode;
  /** Least time between two updates of a growing answer. `draft_update_interval_ms`, default 1 s. */
  readonly draftUpdateIntervalMs: number;
}

/** What a channel's own section says. */
export interface ChannelSettings extends Partial<PresenceSettings> {
  /** `[transcription]` with the section's own table over it; absent: voice is not transcribed. */
  readonly transcription?: TranscriptionSettings;
  /** The channel's own `proxy_url`: what is fetched for its messages goes that way, too. */
  readonly proxy?: ProxyChoice;
}

/** The scalar keys of `[channels_config]`, in our units. */
export interface DispatchSettings extends PresenceSettings {
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

/** `[multimodal]`. */
export interface MultimodalSettings {
  /** Images of one message that the agent gets; the others are named. `max_images`, default 4, within 1 and 16. */
  readonly maxImages: number;
  /** `max_image_size_mb`, default 5 MiB, within 1 and 20. */
  readonly maxImageBytes: number;
  /** Whether an agent's URLs are fetched for channels that take files only. `allow_remote_fetch`, default false. */
  readonly allowRemoteFetch: boolean;
}

/** `[media]`. */
export interface MediaSettings {
  /** Folders that agents may send files from, absolute; none: `workspace/outbox` beside the configuration. `roots`. */
  readonly roots: readonly string[];
  /** The largest file that an agent may send; channels may take less. `max_outbound_mb`, default 20 MiB. */
  readonly maxOutboundBytes: number;
  /** The largest text file that is shown to the agent, whole. `text_file_max_kb`, default 512 KiB. */
  readonly textFileMaxBytes: number;
  /** The largest voice message that is transcribed. `audio_max_mb`, default 25 MiB. */
  readonly audioMaxBytes: number;
}

/** Where voice messages become text: a server that speaks the Whisper API. */
export interface TranscriptionSettings {
  readonly provider: "groq" | "openai" | "local_whisper";
  readonly url: string;
  /** Sent as a bearer token. */
  readonly apiKey?: string;
  readonly model?: string;
  /** ISO 639-1, a hint. */
  readonly language?: string;
  /** Words that are likely to be said. */
  readonly prompt?: string;
  /** Longer messages are not transcribed, as far as the platform tells how long they are. Default 120 s. */
  readonly maxDurationMs: number;
  /** The provider's own limit. Default 25 MiB. */
  readonly maxBytes: number;
  /** Of one call; default 60 s. */
  readonly timeoutMs: number;
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
  /** Used with scope `"services"`: `channel.mochat`, `channel.*`, `transcription.groq`, ... */
  readonly services: readonly string[];
}

/** Everything in the file that is the gateway's own. */
export interface Settings {
  readonly dispatch: DispatchSettings;
  readonly multimodal: MultimodalSettings;
  readonly media: MediaSettings;
  readonly agent: AgentSettings;
  readonly log: LogSettings;
  readonly state: StateSettings;
  readonly proxy: ProxySettings;
  /** What differs from `dispatch` for a channel, by its name. */
  readonly channels: Readonly<Record<string, ChannelSettings>>;
}
