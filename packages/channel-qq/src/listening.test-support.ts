import { createContext, createMemoryStore, type Accept, type Channel, type ChannelContext, type Store } from "@revka/core";
import { createManualClock, recordingAccept, recordingLogger, type ManualClock, type RecordingAccept, type RecordingLogger } from "@revka/core/testing";
import { vi } from "vitest";
import { createQqChannel } from "./channel.ts";
import type { QqConfig } from "./config.ts";
import { startPlatform, type TestPlatform } from "./platform.test-support.ts";
import type { SocketPeer } from "./socket-peer.test-support.ts";

/** The credentials of every test. */
export const CONFIG: QqConfig = { appId: "102000001", appSecret: "qq-app-secret", allowedUsers: ["*"] };

/** A frame that the channel sent. */
export interface SentFrame {
  readonly op: number;
  readonly d: unknown;
}

/** A channel on a platform of the test's own, with time standing still. */
export interface Bench extends AsyncDisposable {
  readonly channel: Channel;
  readonly context: ChannelContext;
  readonly platform: TestPlatform;
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
}

/** What a test may choose. */
export interface BenchOptions {
  readonly config?: Partial<QqConfig>;
  readonly store?: Store;
  readonly clock?: ManualClock;
}

/** A channel that nobody listens to yet. */
export async function openBench({ config, store, clock = createManualClock() }: BenchOptions = {}): Promise<Bench> {
  const platform = await startPlatform();
  const logger = recordingLogger();
  const context = createContext("qq", { clock, logger, store: store ?? createMemoryStore({ clock }), random: () => 0.5 });
  const channel = createQqChannel({ ...CONFIG, baseUrl: platform.url, ...config }, context);
  return { channel, context, platform, clock, logger, [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose]() };
}

/** A channel at work. */
export interface Listening extends Bench, RecordingAccept {
  /** The connection made as the `count`-th, greeted and with a session on it. */
  connected(count?: number): Promise<SocketPeer>;
  /** The connection made as the `count`-th, as it is. */
  socket(count?: number): Promise<SocketPeer>;
  /** Lets time pass on a connection that is alive. */
  live(peer: SocketPeer, ms: number): Promise<void>;
  /** Aborts, and waits for the end. */
  stop(): Promise<void>;
}

/** How a test listens. */
export interface ListenOptions extends BenchOptions {
  readonly answer?: Accept;
  /** Called before listening begins. */
  readonly prepare?: (platform: TestPlatform) => void;
}

/** Starts to listen. */
export async function listenToPlatform({ answer, prepare, ...options }: ListenOptions = {}): Promise<Listening> {
  const bench = await openBench(options);
  const { platform, channel } = bench;
  const recorded = recordingAccept(answer);
  const abort = new AbortController();
  prepare?.(platform);
  const listening = channel.listen(recorded.accept, abort.signal);
  async function socket(count = 1): Promise<SocketPeer> {
    await platform.until(() => platform.sockets.length >= count);
    const found = platform.sockets[count - 1];
    if (found === undefined) throw new RangeError("there is no such connection");
    return found;
  }
  const stop = (): Promise<void> => {
    abort.abort();
    return listening;
  };
  return {
    ...bench,
    ...recorded,
    socket,
    async connected(count = 1) {
      const peer = await socket(count);
      peer.send(hello());
      await platform.until(() => peer.texts.length > 0);
      peer.send(framesOn(peer)[0]?.op === 6 ? dispatch("RESUMED", "", 50) : ready());
      await platform.until(() => framesOn(peer).some(({ op }) => op === 1));
      return peer;
    },
    async live(peer, ms) {
      for (let rest = ms; rest > 0; rest -= 40_000) {
        await bench.clock.advance(Math.min(rest, 40_000));
        peer.send(JSON.stringify({ op: 11 }));
        await vi.waitUntil(() => channel.status().lastFrameAt === bench.clock.now(), { interval: 2 });
      }
    },
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await bench[Symbol.asyncDispose]();
    },
  };
}

/** What came in on a connection, parsed. */
export function framesOn(peer: SocketPeer): readonly SentFrame[] {
  return peer.texts.map((text) => JSON.parse(text) as SentFrame);
}

/** The first frame of a connection. */
export function hello(heartbeat_interval: unknown = 45_000): string {
  return JSON.stringify({ op: 10, d: { heartbeat_interval } });
}

/** A dispatch; a sequence of undefined is left out. */
export function dispatch(t: string, d: unknown, s?: number): string {
  return JSON.stringify({ op: 0, s, t, id: `${t}:event`, d });
}

/** A session that stands. */
export function ready(sessionId = "session-1", s = 1): string {
  return dispatch("READY", { version: 1, session_id: sessionId, user: { id: "BOT1", username: "revka", bot: true }, shard: [0, 0] }, s);
}

/** A private message's body; `overrides` of undefined leave a field out. */
export function privateMessage(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id: "msg-1",
    timestamp: "2026-11-22T10:15:04+08:00",
    author: { id: "USER1", user_openid: "USER1", union_openid: "UNION1" },
    content: "hello",
    message_type: 0,
    message_scene: { source: "default", ext: ["msg_idx=REFIDX_1"] },
    ...overrides,
  };
}

/** The same in a group, where the bot is mentioned. */
export function groupMessage(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const author = { id: "MEMBER1", member_openid: "MEMBER1", username: "Lin", member_role: "member", bot: false };
  return privateMessage({ group_openid: "GROUP1", group_id: "GROUP1", author, content: " hello", mentions: [], ...overrides });
}
