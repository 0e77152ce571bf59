import { createContext, createMemoryStore, type Accept, type Channel, type Store } from "@revka/core";
import { createManualClock, recordingAccept, recordingLogger, type ManualClock, type RecordingAccept, type RecordingLogger } from "@revka/core/testing";
import { vi } from "vitest";
import { createDingtalkChannel } from "./channel.ts";
import type { DingtalkConfig } from "./config.ts";
import { startPlatform, type TestPlatform } from "./platform.test-support.ts";
import type { SocketPeer } from "./socket-peer.test-support.ts";

/** The credentials of every test. */
export const CONFIG: DingtalkConfig = { clientId: "ding-app-key", clientSecret: "ding-app-secret", allowedUsers: ["*"] };

/** When the platform's clock says that a message was sent. */
export const SENT_AT = 1_763_800_000_123;

/** A channel at work on a platform of the test's own, with time standing still. */
export interface Listening extends RecordingAccept, AsyncDisposable {
  readonly channel: Channel;
  readonly platform: TestPlatform;
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  /** The connection made last, once there are `count`. */
  connected(count?: number): Promise<SocketPeer>;
  /** Aborts, and waits for the end. */
  stop(): Promise<void>;
}

/** What a test may choose. */
export interface ListenOptions {
  readonly config?: Partial<DingtalkConfig>;
  readonly store?: Store;
  readonly answer?: Accept;
  /** Called before listening begins. */
  readonly prepare?: (platform: TestPlatform) => void;
}

/** Starts to listen. */
export async function listenToPlatform({ config, store, answer, prepare }: ListenOptions = {}): Promise<Listening> {
  const platform = await startPlatform();
  const clock = createManualClock();
  const logger = recordingLogger();
  const context = createContext("dingtalk", { clock, logger, store: store ?? createMemoryStore({ clock }), random: () => 0.5 });
  const channel = createDingtalkChannel({ ...CONFIG, baseUrl: platform.url, ...config }, context);
  const recorded = recordingAccept(answer);
  const abort = new AbortController();
  prepare?.(platform);
  const listening = channel.listen(recorded.accept, abort.signal);
  const stop = (): Promise<void> => {
    abort.abort();
    return listening;
  };
  return {
    ...recorded,
    channel,
    platform,
    clock,
    logger,
    async connected(count = 1) {
      const isListening = (): boolean => logger.entries.filter(({ message }) => message.startsWith("DingTalk: connected")).length >= count;
      await vi.waitUntil(isListening, { interval: 2, timeout: 4_000 });
      const socket = platform.sockets[count - 1];
      if (socket === undefined) throw new RangeError("there is no such connection");
      return socket;
    },
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await platform[Symbol.asyncDispose]();
    },
  };
}

/** A private text message; `overrides` of undefined leave a field out. */
export function robotMessage(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    conversationId: "cidONE==",
    conversationType: "1",
    msgId: "msg-1",
    msgtype: "text",
    text: { content: "hello" },
    createAt: SENT_AT - 23,
    senderId: "$:LWCP_v1:$aaa",
    senderStaffId: "staff-1",
    senderNick: "Li",
    chatbotUserId: "$:LWCP_v1:$bot",
    robotCode: "ding-app-key",
    sessionWebhookExpiredTime: SENT_AT + 5_400_000,
    ...overrides,
  };
}

/** The same in a group, where the robot is mentioned. */
export function groupMessage(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const group = { conversationId: "cidGRP==", conversationType: "2", conversationTitle: "Ops", isInAtList: true };
  return robotMessage({ ...group, atUsers: [{ dingtalkId: "$:LWCP_v1:$bot" }], ...overrides });
}

/** A frame with a robot message in it. */
export function callback(data: unknown, headers: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    specVersion: "1.0",
    type: "CALLBACK",
    headers: { messageId: "delivery-1", contentType: "application/json", time: String(SENT_AT), topic: "/v1.0/im/bot/messages/get", ...headers },
    data: typeof data === "string" ? data : JSON.stringify(data),
  });
}

/** A frame of the system. */
export function system(topic: string, headers: Readonly<Record<string, unknown>> = {}, data?: unknown): string {
  return JSON.stringify({ specVersion: "1.0", type: "SYSTEM", headers: { topic, contentType: "application/json", ...headers }, data });
}

/** The acknowledgments that a connection got: code and message id. */
export function acksOn(socket: SocketPeer): readonly string[] {
  return socket.texts.map((text) => {
    const { code, headers } = JSON.parse(text) as { code: number; headers: { messageId: string } };
    return `${code} ${headers.messageId}`;
  });
}
