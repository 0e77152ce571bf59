import { createContext, createMemoryStore, type Accept, type Channel, type DeniedSender } from "@revka/core";
import { createManualClock, recordingAccept, recordingLogger, type ManualClock, type RecordingAccept, type RecordingLogger } from "@revka/core/testing";
import { vi } from "vitest";
import { createLarkChannel } from "./channel.ts";
import type { LarkConfig } from "./config.ts";
import { decodeFrame, encodeFrame, type LarkFrame } from "./frame.ts";
import { SERVICE_ID, startPlatform, type TestPlatform } from "./platform.test-support.ts";
import type { SocketPeer } from "./socket-peer.test-support.ts";

/** The credentials of every test. */
export const CONFIG: LarkConfig = { appId: "cli_a0b1c2d3e4f50617", appSecret: "lark-app-secret", allowedUsers: ["*"] };

/** A channel at work on a platform of the test's own, with time standing still. */
export interface Listening extends RecordingAccept, AsyncDisposable {
  readonly channel: Channel;
  readonly platform: TestPlatform;
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  /** Whom the host was told of, since the allowlist lacks them. */
  readonly denied: readonly DeniedSender[];
  /** How `listen` ends. */
  readonly listening: Promise<void>;
  /** Waits for a line in the log. */
  logged(beginning: string, count?: number): Promise<void>;
  /** The connection made last, once there are `count` and the first ping is out. */
  connected(count?: number): Promise<SocketPeer>;
  /** The same, with that ping answered: only now it counts as connected. */
  answered(count?: number): Promise<SocketPeer>;
  /** Aborts, and waits for the end. */
  stop(): Promise<void>;
}

/** What a test may choose. */
export interface ListenOptions {
  readonly config?: Partial<LarkConfig>;
  readonly answer?: Accept;
  /** Called before listening begins. */
  readonly prepare?: (platform: TestPlatform) => void;
}

/** Starts to listen. */
export async function listenToPlatform({ config, answer, prepare }: ListenOptions = {}): Promise<Listening> {
  const platform = await startPlatform();
  const clock = createManualClock();
  const logger = recordingLogger();
  const denied: DeniedSender[] = [];
  const onDenied = (sender: DeniedSender): void => void denied.push(sender);
  const context = createContext(config?.region ?? "lark", { clock, logger, store: createMemoryStore({ clock }), random: () => 0.5, onDenied });
  const channel = createLarkChannel({ ...CONFIG, baseUrl: platform.url, ...config }, context);
  const recorded = recordingAccept(answer);
  const abort = new AbortController();
  prepare?.(platform);
  const listening = channel.listen(recorded.accept, abort.signal);
  // A test that expects a failure looks at it itself.
  listening.catch(() => undefined);
  const stop = (): Promise<void> => {
    abort.abort();
    return listening;
  };
  async function logged(beginning: string, count = 1): Promise<void> {
    await vi.waitUntil(() => logger.entries.filter(({ message }) => message.startsWith(beginning)).length >= count, { interval: 2, timeout: 4_000 });
  }
  async function connected(count = 1): Promise<SocketPeer> {
    await logged("Lark: WS connected", count);
    const socket = platform.sockets[count - 1];
    if (socket === undefined) throw new RangeError("there is no such connection");
    await platform.until(() => socket.messages.length > 0);
    return socket;
  }
  return {
    ...recorded,
    channel,
    platform,
    clock,
    logger,
    denied,
    listening,
    logged,
    connected,
    async answered(count) {
      const socket = await connected(count);
      socket.send(pongFrame());
      await vi.waitUntil(() => channel.status().state === "connected", { interval: 2, timeout: 4_000 });
      return socket;
    },
    stop,
    async [Symbol.asyncDispose]() {
      await stop().catch(() => undefined);
      await platform[Symbol.asyncDispose]();
    },
  };
}

/** A private text message, as the platform sends it. */
export function messageEvent(message: Readonly<Record<string, unknown>> = {}, sender: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    sender: { sender_id: { open_id: "ou_friend", union_id: "on_friend", ...sender }, sender_type: "user", tenant_key: "tk1" },
    message: {
      message_id: "om_1",
      chat_id: "oc_1",
      chat_type: "p2p",
      message_type: "text",
      content: JSON.stringify({ text: "hello" }),
      create_time: "1763800000001",
      ...message,
    },
  };
}

/** The same in a group. */
export function groupEvent(message: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return messageEvent({ chat_type: "group", chat_id: "oc_group", ...message });
}

/** A mention of the bot. */
export const MENTIONS_BOT: Readonly<Record<string, unknown>> = { mentions: [{ key: "@_user_1", id: { open_id: "ou_bot", union_id: "on_bot" }, name: "Revka" }], content: JSON.stringify({ text: "@_user_1 hello" }) };

/** The use of a card. */
export const CARD_USE: Readonly<Record<string, unknown>> = {
  operator: { open_id: "ou_friend", union_id: "on_friend" },
  token: "c-card-token",
  action: { tag: "button", value: { choice: "yes" } },
  context: { open_message_id: "om_card", open_chat_id: "oc_1" },
};

/** An event in its envelope. */
export function envelope(event: unknown, header: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    schema: "2.0",
    header: { event_id: "ev-1", event_type: "im.message.receive_v1", token: "v-token-123", app_id: CONFIG.appId, tenant_key: "tk1", ...header },
    event,
  };
}

/** A data frame with this payload; JSON unless it is bytes. */
export function dataFrame(payload: unknown, headers: Readonly<Record<string, string>> = {}): Uint8Array {
  const all = { type: "event", message_id: "m-01", sum: "1", seq: "0", trace_id: "t-01", ...headers };
  const bytes = payload instanceof Uint8Array ? payload : Buffer.from(JSON.stringify(payload));
  const list = Object.entries(all).map(([key, value]) => ({ key, value }));
  return encodeFrame({ seqId: 7n, logId: 300n, service: SERVICE_ID, method: 1, headers: list, payload: bytes });
}

/** A pong, with what the platform asks for. */
export function pongFrame(config?: unknown): Uint8Array {
  const payload = config === undefined ? undefined : Buffer.from(JSON.stringify(config));
  return encodeFrame({ seqId: 0n, logId: 0n, service: SERVICE_ID, method: 0, headers: [{ key: "type", value: "pong" }], payload });
}

/** The frames that came in on a connection. */
export function framesOn(socket: SocketPeer): readonly LarkFrame[] {
  return socket.messages.map(decodeFrame).flatMap((frame) => ("malformed" in frame ? [] : [frame]));
}

/** How many pings came in on a connection. */
export function pingsOn(socket: SocketPeer): number {
  return framesOn(socket).filter(({ method }) => method === 0).length;
}

/** The acks that came in on a connection: each with the `message_id` of its frame and its payload. */
export function acksOn(socket: SocketPeer): readonly string[] {
  return framesOn(socket)
    .filter(({ method }) => method === 1)
    .map(({ headers, payload }) => `${headers.find(({ key }) => key === "message_id")?.value ?? "?"} ${Buffer.from(payload ?? []).toString()}`);
}
