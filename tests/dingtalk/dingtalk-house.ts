import { createDingtalkChannel, type DingtalkConfig } from "@revka/channel-dingtalk";
import { createContext, createMemoryStore, textOf, type Accept, type Channel, type Clock, type InboundMessage, type OutboundMessage, type Store } from "@revka/core";
import { createManualClock, recordingAccept, recordingLogger, type LogEntry, type ManualClock, type RecordingLogger } from "@revka/core/testing";
import { startSandbox, type DingtalkConnection, type DingtalkControl, type RecordedExchange, type Sandbox } from "@revka/sandbox";
import { setImmediate } from "node:timers/promises";
import { inspect } from "node:util";
import { expect, onTestFinished } from "vitest";
import { driveBy } from "../house/drive.ts";

/** Time passes in steps, so that both sides see it pass alike: a long time in so many, a short one in the shortest. */
const MOST_STEPS = 1_000;
const SHORTEST_STEP_MS = 250;

export const PATHS = { register: "/v1.0/gateway/connections/open", connect: "/connect", webhook: "/robot/sendBySession" } as const;

/** What a channel of a house may be given. */
export type ChannelOptions = Partial<DingtalkConfig> & { readonly store?: Store };

/** What a listening channel may be given. */
export type ListenOptions = ChannelOptions & {
  /** What the host answers. Default: all is accepted. */
  readonly answer?: Accept;
};

/** DingTalk, and the channels that a program runs on it. Time stands still for all until a test lets it pass. */
export interface DingtalkHouse {
  readonly sandbox: Sandbox;
  readonly dingtalk: DingtalkControl;
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  /** Lets time pass, for both sides. */
  readonly pass: (ms: number) => Promise<void>;
  /** Lets time pass until the promise settles, and gives what it gives. */
  readonly during: <T>(promise: Promise<T>) => Promise<T>;
  /** Puts the channels' wall clock forward, or back, as a machine does that sleeps or is set. */
  readonly skew: (ms: number) => void;
  /** A channel that does not listen. All channels share a store unless given one. */
  readonly open: (options?: ChannelOptions) => Channel;
  /** A channel that listens until the test is over. */
  readonly listen: (options?: ListenOptions) => Listener;
  /** The same, connected. */
  readonly listening: (options?: ListenOptions) => Promise<Listener & { readonly connection: DingtalkConnection }>;
  /** The error that a send to this conversation ends with. */
  readonly failureOf: (channel: Channel, conversationId: string, message?: Partial<OutboundMessage>) => Promise<unknown>;
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

/** Opens a house for one test. At its end no channel has ever shown a secret, a ticket or a webhook. */
export async function openDingtalk(): Promise<DingtalkHouse> {
  const clock = createManualClock();
  const startedAt = clock.now();
  const sandbox = await startSandbox({ now: () => clock.now() });
  onTestFinished(() => sandbox.close());
  const { dingtalk, record } = sandbox;
  const { clientId, clientSecret, url: baseUrl } = dingtalk;
  const logger = recordingLogger();
  const shared = createMemoryStore({ clock, maxEntries: 100_000 });
  const over = new AbortController();
  onTestFinished(() => over.abort());
  let skewMs = 0;
  const skewed: Clock = { ...clock, now: () => clock.now() + skewMs };
  const secrets = new Set([clientSecret]);
  const failures: unknown[] = [];
  onTestFinished(() => {
    const shown = `${logger.text()}\n${inspect(failures, { depth: 10 })}`;
    expect([...secrets, ...bearersIn(sandbox)].filter((secret) => shown.includes(secret))).toEqual([]);
  });

  const open = ({ store = shared, ...config }: ChannelOptions = {}): Channel => {
    secrets.add(config.clientSecret ?? clientSecret);
    return createDingtalkChannel({ clientId, clientSecret, baseUrl, allowedUsers: ["*"], ...config }, createContext("dingtalk", { clock: skewed, logger, store, random: () => 0.5 }));
  };
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
  const calls = (path: string): readonly RecordedExchange[] => record.entries.filter((exchange) => exchange.path === path);
  return {
    sandbox, dingtalk, clock, logger, open, listen, pass, calls,
    during: (promise) => driveBy({ step: () => pass(SHORTEST_STEP_MS) }, promise, over.signal),
    skew(ms) {
      skewMs += ms;
    },
    async failureOf(channel, conversationId, message = {}) {
      const error: unknown = await channel.send({ target: { conversationId }, text: "hello", ...message }).then(() => undefined, (reason: unknown) => reason);
      failures.push(error);
      return error;
    },
    async listening(options) {
      const listener = listen(options);
      const connection = await dingtalk.nextConnection();
      await until(() => listener.channel.status().state === "connected");
      return { ...listener, connection };
    },
    timesOf: (path) => calls(path).map(({ at }) => at - startedAt),
    logged: (level) => logger.entries.filter((entry) => entry.level === level).map(({ message }) => message),
  };
}

/** A house with a channel that listens, to which staff-1 has written in private. */
export async function openTalk(): Promise<DingtalkHouse & Listener> {
  const house = await openDingtalk();
  const listener = await house.listening();
  house.dingtalk.say("staff-1", "hello");
  await listener.next();
  await house.dingtalk.nextAck();
  return { ...house, ...listener };
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

/** Tickets, and the sessions of webhooks: they let anybody in who has them. */
function bearersIn({ record }: Sandbox): readonly string[] {
  return record.entries.flatMap(({ query }) => [...new URLSearchParams(query).values()]).filter((value) => value !== "");
}
