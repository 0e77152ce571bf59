import { createQqChannel, type QqConfig } from "@revka/channel-qq";
import { createContext, createMemoryStore, replyTo, textOf, type Accept, type Channel, type Clock, type InboundMessage, type OutboundMessage, type ReplyTarget, type SendReceipt, type Store } from "@revka/core";
import { createManualClock, recordingAccept, recordingLogger, type LogEntry, type ManualClock, type RecordingLogger } from "@revka/core/testing";
import { startSandbox, type QqConnection, type QqControl, type RecordedExchange, type Sandbox } from "@revka/sandbox";
import { setImmediate } from "node:timers/promises";
import { inspect } from "node:util";
import { expect, onTestFinished } from "vitest";
import { driveBy } from "../house/drive.ts";

/** Time passes in steps, so that both sides see it pass alike: a long time in so many, a short one in the shortest. */
const MOST_STEPS = 1_000;
const SHORTEST_STEP_MS = 250;

export const PATHS = { token: "/app/getAppAccessToken", gatewayBot: "/gateway/bot", gateway: "/gateway", socket: "/websocket/" } as const;

/** What a channel of a house may be given. */
export type ChannelOptions = Partial<QqConfig> & { readonly store?: Store };

/** What a listening channel may be given. */
export type ListenOptions = ChannelOptions & {
  /** What the host answers. Default: all is accepted. */
  readonly answer?: Accept;
};

/** QQ, and the channels that a program runs on it. Time stands still for all until a test lets it pass. */
export interface QqHouse {
  readonly sandbox: Sandbox;
  readonly qq: QqControl;
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  /** What all channels remember, unless given another. */
  readonly store: Store;
  /** Lets time pass, for both sides. */
  readonly pass: (ms: number) => Promise<void>;
  /** Lets time pass until the promise settles, and gives what it gives. */
  readonly during: <T>(promise: Promise<T>) => Promise<T>;
  /** Puts the channels' wall clock forward, or back, as a machine does that is set. */
  readonly skew: (ms: number) => void;
  /** A channel that does not listen. */
  readonly open: (options?: ChannelOptions) => Channel;
  /** A channel that listens until the test is over. */
  readonly listen: (options?: ListenOptions) => Listener;
  /** The same, connected. */
  readonly listening: (options?: ListenOptions) => Promise<Listener & { readonly connection: QqConnection }>;
  /** The error that a send ends with, while time passes; undefined where there is none. */
  readonly failureOf: (sending: Promise<SendReceipt>) => Promise<unknown>;
  /** Requests of this path, oldest first. */
  readonly calls: (path: string) => readonly RecordedExchange[];
  /** When they came, in ms from the start. */
  readonly timesOf: (path: string) => readonly number[];
  readonly logged: (level: LogEntry["level"]) => readonly string[];
}

/** A channel at work. */
export interface Listener {
  readonly channel: Channel;
  /** What was handed over, oldest first. */
  readonly messages: readonly InboundMessage[];
  readonly texts: () => readonly string[];
  /** The first message that no call has given yet, as soon as it comes. */
  readonly next: () => Promise<InboundMessage>;
  /** Aborts, and waits for the end. */
  readonly stop: () => Promise<void>;
}

/** Opens a house for one test. At its end no channel has ever shown a secret or a token. */
export async function openQq(): Promise<QqHouse> {
  const clock = createManualClock();
  const startedAt = clock.now();
  const sandbox = await startSandbox({ now: () => clock.now() });
  onTestFinished(() => sandbox.close());
  const { qq, record } = sandbox;
  const { appId, appSecret, url: baseUrl } = qq;
  const logger = recordingLogger();
  const store = createMemoryStore({ clock, maxEntries: 100_000 });
  const over = new AbortController();
  onTestFinished(() => over.abort());
  let skewMs = 0;
  const skewed: Clock = { ...clock, now: () => clock.now() + skewMs };
  const failures: unknown[] = [];
  onTestFinished(() => {
    const shown = `${logger.text()}\n${inspect(failures, { depth: 10 })}`;
    expect([appSecret, ...tokensIn(sandbox)].filter((secret) => shown.includes(secret))).toEqual([]);
  });

  const open = ({ store: own = store, ...config }: ChannelOptions = {}): Channel =>
    createQqChannel({ appId, appSecret, baseUrl, allowedUsers: ["*"], ...config }, createContext("qq", { clock: skewed, logger, store: own, random: () => 0.5 }));
  const listen = ({ answer, ...options }: ListenOptions = {}): Listener => startListening(open(options), answer);
  async function pass(ms: number): Promise<void> {
    await settle(sandbox);
    const stepMs = Math.max(SHORTEST_STEP_MS, ms / MOST_STEPS);
    for (let rest = ms; rest > 0; rest -= stepMs) {
      await clock.advance(Math.min(stepMs, rest));
      sandbox.runDue();
      await settle(sandbox);
    }
  }
  const during = <T>(promise: Promise<T>): Promise<T> => driveBy({ first: () => settle(sandbox), step: () => pass(SHORTEST_STEP_MS) }, promise, over.signal);
  const calls = (path: string): readonly RecordedExchange[] => record.entries.filter((exchange) => exchange.path === path);
  return {
    sandbox, qq, clock, logger, store, open, listen, pass, during, calls,
    skew(ms) {
      skewMs += ms;
    },
    async failureOf(sending) {
      const error: unknown = await during(sending.then(() => undefined, (reason: unknown) => reason));
      failures.push(error);
      return error;
    },
    async listening(options) {
      const listener = listen(options);
      const connection = await qq.nextConnection();
      await until(() => listener.channel.status().state === "connected");
      return { ...listener, connection };
    },
    timesOf: (path) => calls(path).map(({ at }) => at - startedAt),
    logged: (level) => logger.entries.filter((entry) => entry.level === level).map(({ message }) => message),
  };
}

/** A listening channel to which somebody has just written. */
export interface Talk extends QqHouse, Listener {
  readonly connection: QqConnection;
  /** Answers what was written. */
  readonly reply: (text: string, more?: Partial<OutboundMessage>) => Promise<SendReceipt>;
  /** Where answers go. */
  readonly target: ReplyTarget;
  /** What was written. */
  readonly asked: InboundMessage;
}

/** A house with a channel that listens, to which user-1 has written: in private, or in this group. */
export async function openTalk(group?: string, options?: ListenOptions): Promise<Talk> {
  const house = await openQq();
  const listener = await house.listening(options);
  house.qq.say("user-1", "hello", group === undefined ? {} : { group });
  const asked = await listener.next();
  const target = replyTo(asked);
  const reply: Talk["reply"] = (text, more = {}) => listener.channel.send({ target, text, ...more });
  return { ...house, ...listener, asked, target, reply };
}

function startListening(channel: Channel, answer: Accept | undefined): Listener {
  const abort = new AbortController();
  const { accept, messages, next } = recordingAccept(answer);
  const listening = channel.listen(accept, abort.signal);
  const stop = (): Promise<void> => {
    abort.abort(new DOMException("the test is over", "AbortError"));
    return listening;
  };
  onTestFinished(stop);
  return { channel, messages, next, stop, texts: () => messages.map(textOf) };
}

/** Resolves as soon as this is so, which is a matter of I/O and not of time. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setImmediate();
}

/** Enough for what goes between two sockets on loopback. */
const SETTLE_TURNS = 20;

/** Lets answers arrive that are under way, so that time does not pass meanwhile. */
async function settle({ record }: Sandbox): Promise<void> {
  await until(() => record.entries.every(({ outcome, fault }) => outcome !== "pending" || fault === "hang"));
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await setImmediate();
}

/** Access tokens that were given out: they let anybody in who has them. */
function tokensIn({ record }: Sandbox): readonly string[] {
  return record.entries.flatMap(({ path, answer }) => /"access_token":"([^"]+)"/.exec(path === PATHS.token ? (answer?.body.text ?? "") : "")?.slice(1) ?? []);
}
