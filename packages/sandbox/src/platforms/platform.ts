import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Hono } from "hono";
import type { Agenda } from "../server/agenda.ts";
import type { Answer } from "../server/http-message.ts";
import type { Lines } from "../server/lines.ts";
import type { Recorder } from "../record/record.ts";

/** What the sandbox gives to a platform. */
export interface PlatformContext {
  /** Where the platform is reached, e.g. `http://127.0.0.1:42680/mochat`: without a slash at the end. */
  readonly url: string;
  /** The time, epoch ms; every window and expiry goes by it. */
  readonly now: () => number;
  /** What came in, already written down when the platform sees it. */
  readonly record: Recorder;
  /** What is to happen later. */
  readonly agenda: Agenda;
  /** Makes WebSockets of handshakes. */
  readonly lines: Lines;
  /** Aborts when the sandbox closes. */
  readonly closing: AbortSignal;
}

/** A section of a gateway's configuration that points it at the sandbox. */
export interface PlatformSettings {
  /** Name of the table under `channels_config`. */
  readonly section: string;
  /** Keys as they stand in the file. */
  readonly values: Readonly<Record<string, string | number>>;
}

/** How a platform delivers to a listener of the bot's own, where it can. */
export interface WebhookExample {
  /** What the section holds for that, besides `port`. */
  readonly values: PlatformSettings["values"];
  /** The path that the bot listens on. */
  readonly path: string;
}

/** Someone who speaks to a bot: in private, or in a group. */
export interface Speaker {
  readonly user: string;
  /** The platform's id of the conversation. */
  readonly group?: string;
}

/** One emulated platform: everything that the sandbox knows about it. */
export interface Platform<Api = unknown> {
  /** The prefix of its paths. */
  readonly name: string;
  /** Its HTTP API, without the prefix. */
  readonly app: Hono;
  /** Its part of the control API, without `/control/<name>`. */
  readonly control: Hono;
  /** What a test in the same process drives it by. */
  readonly api: Api;
  readonly settings: PlatformSettings;
  /** Examples of who speaks to a bot, and where; empty where nobody can. */
  readonly scenes: readonly Speaker[];
  /** A small picture, as `say` takes it for a content; absent where users send none. */
  readonly picture?: unknown;
  /** A message of a bot may grow while people watch. */
  readonly grows?: true;
  /** Absent where the platform has no webhooks, or its other examples use another way. */
  readonly webhook?: WebhookExample;
  /** Absent where the platform has no WebSocket. */
  readonly upgrade?: Upgrade;
  /** Back to how it was when it started. */
  reset(): void;
}

/** Takes over the socket of a handshake, or gives the answer to refuse it with. */
export type Upgrade = (handshake: Handshake) => Answer | undefined;

/** A connection that asks to become a WebSocket. */
export interface Handshake {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  /** Without the platform's prefix. */
  readonly path: string;
  /** With its question mark; empty when there is none. */
  readonly query: string;
}
