import { setImmediate } from "node:timers/promises";
import { inspect } from "node:util";
import { createLarkChannel, type LarkConfig } from "@revka/channel-lark";
import { createContext, createMemoryStore, textOf, type Accept, type Channel, type InboundMessage, type Store } from "@revka/core";
import { createManualClock, recordingAccept, recordingLogger, type LogEntry, type ManualClock } from "@revka/core/testing";
import { startSandbox, type LarkConnection, type LarkControl, type RecordedExchange, type Sandbox } from "@revka/sandbox";
import { expect, onTestFinished } from "vitest";
import { driveBy } from "../house/drive.ts";

/** Time passes in steps, so that both sides see it pass alike: a long time in so many, a short one in the shortest. */
const MOST_STEPS = 1_000;
const SHORTEST_STEP_MS = 250;

/** What a channel of a house may be given. */
export type ChannelOptions = Partial<LarkConfig> & { readonly store?: Store };

/** What a listening channel may be given. */
export type ListenOptions = ChannelOptions & {
  /** What the host answers. Default: all is accepted. */
  readonly answer?: Accept;
};

/** A channel at work. */
export interface Listener {
  readonly channel: Channel;
  /** What was handed over, oldest first. */
  readonly texts: () => readonly string[];
  /** The first message that no call has given yet, as soon as it comes. */
  readonly next: () => Promise<InboundMessage>;
  /** What `listen` ends with by itself: nothing, or the error. */
  readonly ended: Promise<unknown>;
  /** Aborts, and waits for the end. */
  readonly stop: () => Promise<unknown>;
}

/** Lark, and the channels that a program runs on it. Time stands still for all until a test lets it pass. */
export interface LarkHouse {
  readonly sandbox: Sandbox;
  readonly lark: LarkControl;
  readonly clock: ManualClock;
  /** Lets time pass, for both sides. */
  readonly pass: (ms: number) => Promise<void>;
  /** Lets time pass until the promise settles, and gives what it gives. */
  readonly during: <T>(promise: Promise<T>) => Promise<T>;
  /** A channel that does not listen. All channels share a store unless given one. */
  readonly open: (options?: ChannelOptions) => Channel;
  /** A channel that listens until the test is over. */
  readonly listen: (options?: ListenOptions) => Listener;
  /** The same, connected. */
  readonly listening: (options?: ListenOptions) => Promise<Listener & { readonly connection: LarkConnection }>;
  /** Requests of this path, oldest first; one `*` at the end stands for any rest. */
  readonly calls: (path: string) => readonly RecordedExchange[];
  readonly logged: (level: LogEntry["level"]) => readonly string[];
}

/** Opens a house for one test. At its end no channel has ever logged a secret, a token or a ticket. */
export async function openLark(): Promise<LarkHouse> {
  const clock = createManualClock();
  const sandbox = await startSandbox({ now: () => clock.now() });
  onTestFinished(() => sandbox.close());
  const { lark, record } = sandbox;
  const { appId, appSecret } = lark.credentials;
  const logger = recordingLogger();
  const shared = createMemoryStore({ clock, maxEntries: 100_000 });
  const over = new AbortController();
  onTestFinished(() => over.abort());
  onTestFinished(() => expect([appSecret, ...bearersIn(sandbox)].filter((secret) => logger.text().includes(secret))).toEqual([]));

  const open = ({ store = shared, ...config }: ChannelOptions = {}): Channel =>
    createLarkChannel({ appId, appSecret, baseUrl: lark.url, allowedUsers: ["*"], ...config }, createContext("lark", { clock, logger, store, random: () => 0.5 }));
  const listen = ({ answer, ...options }: ListenOptions = {}): Listener => startListening(open(options), answer);
  async function pass(ms: number): Promise<void> {
    await settle(sandbox);
    const stepMs = Math.max(SHORTEST_STEP_MS, ms / MOST_STEPS);
    for (let rest = ms; rest > 0 && !over.signal.aborted; rest -= stepMs) {
      await clock.advance(Math.min(stepMs, rest));
      sandbox.runDue();
      await settle(sandbox);
    }
  }
  return {
    sandbox, lark, clock, open, listen, pass,
    during: (promise) => driveBy({ step: () => pass(SHORTEST_STEP_MS) }, promise, over.signal),
    async listening(options) {
      const listener = listen(options);
      const connection = await lark.nextConnection();
      await until(() => listener.channel.status().state === "connected");
      return { ...listener, connection };
    },
    calls: (path) => record.entries.filter((exchange) => (path.endsWith("*") ? exchange.path.startsWith(path.slice(0, -1)) : exchange.path === path)),
    logged: (level) => logger.entries.filter((entry) => entry.level === level).map(({ message }) => message),
  };
}

function startListening(channel: Channel, answer: Accept | undefined): Listener {
  const abort = new AbortController();
  const { accept, messages, next } = recordingAccept(answer);
  const ended = channel.listen(accept, abort.signal).catch((error: unknown) => error);
  const stop = (): Promise<unknown> => {
    abort.abort(new DOMException("the test is over", "AbortError"));
    return ended;
  };
  onTestFinished(async () => {
    await stop();
  });
  return { channel, next, ended, stop, texts: () => messages.map(textOf) };
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

/** Tickets and access tokens: they let anybody in who has them. */
function bearersIn({ record }: Sandbox): readonly string[] {
  const shown = record.entries.map(({ query, answer }) => `${query} ${inspect(answer?.body.text)}`).join(" ");
  return [...shown.matchAll(/ticket=(\w+)|"tenant_access_token":"([^"]+)"/g)].map(([, ticket, token]) => ticket ?? token ?? "");
}
