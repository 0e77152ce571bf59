import { createMochatChannel, type MochatConfig } from "@revka/channel-mochat";
import { createContext, createMemoryStore, textOf, type Accept, type Channel, type ChannelContext, type Clock, type InboundMessage, type Store } from "@revka/core";
import { createManualClock, recordingAccept, recordingLogger, type ManualClock, type RecordingLogger } from "@revka/core/testing";
import { startSandbox, type FaultHandle, type FaultRule, type MochatControl, type Sandbox } from "@revka/sandbox";
import { expect, onTestFinished } from "vitest";

/** What a channel of a house may be given. */
export interface MochatOptions extends Partial<MochatConfig> {
  /** What it remembers; default the house's own store, which all its channels share. */
  readonly store?: Store;
  /** Default 0.5: no jitter. */
  readonly random?: () => number;
}

/** A Mochat bridge, and the channels that a program runs on it one after another. Time stands still for all. */
export interface MochatHouse {
  readonly sandbox: Sandbox;
  readonly mochat: MochatControl;
  readonly clock: ManualClock;
  readonly store: Store;
  readonly logger: RecordingLogger;
  /** A channel that does not listen. */
  readonly open: (options?: MochatOptions) => Channel;
  /** A channel that listens until the test is over. */
  readonly listen: (options?: MochatOptions & { readonly answer?: Accept }) => Listener;
  /** Lets polls go wrong. */
  readonly spoilPolls: (rule: Omit<FaultRule, "path">) => FaultHandle;
  /** Lets sends go wrong. */
  readonly spoilSends: (rule: Omit<FaultRule, "path">) => FaultHandle;
  /** When the polls came in, in ms from the start. */
  readonly pollTimes: () => readonly number[];
  /** What the polls asked for. */
  readonly cursors: () => readonly (string | undefined)[];
  /** The lines of a level. */
  readonly logged: (level: "error" | "warn" | "info" | "debug") => readonly string[];
}

/** A channel at work. */
export interface Listener {
  readonly channel: Channel;
  /** What was handed over, oldest first. */
  readonly messages: readonly InboundMessage[];
  /** The texts of these. */
  readonly texts: () => readonly string[];
  /** The first message that no call has given yet, as soon as it comes. */
  readonly next: () => Promise<InboundMessage>;
  /** Waits until `listen` waits for time to pass, and tells how many ms are left at that moment. */
  readonly rest: () => Promise<number>;
  /** Lets so many waits pass and whatever happens after each; gives their lengths. Default one. */
  readonly pass: (times?: number) => Promise<readonly number[]>;
  /** Aborts, and waits for the end. */
  readonly stop: () => Promise<void>;
}

/** Opens a house for one test. At its end no channel has ever shown the token. */
export async function openMochat(): Promise<MochatHouse> {
  const clock = createManualClock();
  const logger = recordingLogger();
  const store = createMemoryStore({ clock });
  const sandbox = await startSandbox({ now: () => clock.now() });
  onTestFinished(() => sandbox.close());
  const { mochat, faults } = sandbox;
  const startedAt = clock.now();
  const tokens = new Set([mochat.token]);
  const create = ({ store: own = store, random = () => 0.5, ...config }: MochatOptions, time: Clock): Channel => {
    const context: ChannelContext = createContext("mochat", { clock: time, logger, store: own, random });
    tokens.add(config.apiToken ?? mochat.token);
    return createMochatChannel({ apiUrl: mochat.url, apiToken: mochat.token, allowedUsers: ["*"], ...config }, context);
  };
  onTestFinished(() => {
    for (const token of tokens) expect(logger.text()).not.toContain(token);
  });
  return {
    sandbox, mochat, clock, store, logger,
    open: (options = {}) => create(options, clock),
    listen: ({ answer, ...options } = {}) => startListening(clock, (time) => create(options, time), answer),
    spoilPolls: (rule) => faults.add({ ...rule, path: "/api/message/receive" }),
    spoilSends: (rule) => faults.add({ ...rule, path: "/api/message/send" }),
    pollTimes: () => mochat.polls.map(({ at }) => at - startedAt),
    cursors: () => mochat.polls.map(({ sinceId }) => sinceId),
    logged: (level) => logger.entries.filter((entry) => entry.level === level).map(({ message }) => message),
  };
}

function startListening(clock: ManualClock, create: (clock: Clock) => Channel, answer: Accept | undefined): Listener {
  const abort = new AbortController();
  const watch = watchSleeps(clock, abort.signal);
  const channel = create(watch.clock);
  const { accept, messages, next } = recordingAccept(answer);
  const listening = channel.listen(accept, abort.signal);
  const stop = (): Promise<void> => {
    abort.abort(new DOMException("the test is over", "AbortError"));
    return listening;
  };
  onTestFinished(stop);
  return {
    channel, messages, next, stop,
    texts: () => messages.map(textOf),
    rest: watch.sleeping,
    async pass(times = 1) {
      const waits: number[] = [];
      for (let n = 0; n < times; n += 1) {
        const ms = await watch.sleeping();
        waits.push(ms);
        await clock.advance(ms);
        await watch.sleeping();
      }
      return waits;
    },
  };
}

/** A clock that tells who sleeps under `signal`: the poller hands on the signal of `listen`, and nobody else does. */
function watchSleeps(clock: ManualClock, signal: AbortSignal): { readonly clock: Clock; readonly sleeping: () => Promise<number> } {
  let now = Promise.withResolvers<number>();
  return {
    clock: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      async sleep(ms, sleeper) {
        if (sleeper !== signal) return clock.sleep(ms, sleeper);
        now.resolve(ms);
        try {
          await clock.sleep(ms, sleeper);
        } finally {
          now = Promise.withResolvers();
        }
      },
    },
    sleeping: () => now.promise,
  };
}
