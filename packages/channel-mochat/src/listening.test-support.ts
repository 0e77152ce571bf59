import { createContext, createMemoryStore, createStatusRecorder, textOf, type Accept, type InboundMessage, type StatusRecorder, type Store } from "@revka/core";
import { createManualClock, recordingLogger, type ManualClock, type RecordingLogger } from "@revka/core/testing";
import type { MochatApi } from "./api.ts";
import { withDefaults, type MochatConfig } from "./config.ts";
import { receive } from "./receive.ts";
import type { MochatMessage, MochatPage } from "./wire.ts";

/** What a bridge does when it is asked; `since` is the `since_id` it is given. */
export type Bridge = (since: string | undefined, signal: AbortSignal) => MochatPage | Promise<MochatPage>;

/** A poller at work on a bridge of the test's own, with time standing still. */
export interface Listening {
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  readonly status: StatusRecorder;
  readonly store: Store;
  /** Every poll: its `since_id`, and when it came, in ms from the start. */
  readonly polls: readonly { readonly since: string | undefined; readonly at: number }[];
  /** What the consumer took. */
  readonly accepted: readonly InboundMessage[];
  /** The ids of these. */
  ids(): string[];
  /** The texts of these. */
  texts(): string[];
  /** Aborts, and waits for the end. */
  stop(): Promise<void>;
}

/** What a test may choose. */
export interface ListenOptions {
  readonly config?: Partial<MochatConfig>;
  readonly store?: Store;
  /** Called before a message counts as taken. */
  readonly onAccept?: Accept;
}

/** Starts to listen; the first poll has been answered when it resolves. */
export async function listenTo(bridge: Bridge, { config, store = createMemoryStore(), onAccept }: ListenOptions = {}): Promise<Listening> {
  const clock = createManualClock();
  const logger = recordingLogger();
  const status = createStatusRecorder(clock);
  const controller = new AbortController();
  const polls: { since: string | undefined; at: number }[] = [];
  const accepted: InboundMessage[] = [];
  const done = receive({
    settings: withDefaults({ apiUrl: "https://mochat.example.com", apiToken: "mochat-api-token", allowedUsers: ["*"], ...config }),
    context: createContext("mochat", { clock, logger, store, random: () => 0.5 }),
    api: { ...unusedApi, receive: (since, signal) => ask(since, signal) },
    status,
    signal: controller.signal,
    accept: async (message, options) => {
      const result = await onAccept?.(message, options);
      accepted.push(message);
      return result ?? "accepted";
    },
  });
  // A test that expects a failure awaits `stop`; until then it is nobody's business.
  done.catch(() => undefined);
  async function ask(since: string | undefined, signal: AbortSignal): Promise<MochatPage> {
    polls.push({ since, at: clock.monotonic() });
    return bridge(since, signal);
  }
  await clock.advance(0);
  return {
    clock, logger, status, store, polls, accepted,
    ids: () => accepted.map(({ id }) => id),
    texts: () => accepted.map(textOf),
    stop: () => {
      controller.abort();
      return done;
    },
  };
}

const unusedApi: Pick<MochatApi, "sendText" | "checkHealth"> = {
  sendText: () => Promise.reject(new TypeError("nothing is sent here")),
  checkHealth: () => Promise.reject(new TypeError("nothing is checked here")),
};

/** A page of these messages. */
export function page(messages: readonly MochatMessage[], overrides: Partial<MochatPage> = {}): MochatPage {
  return { messages, skippedCount: 0, hasMore: false, ...overrides };
}

/** A message, by default from `u-1`. */
export function message(id: string | undefined, sender = "u-1", text = `text ${id ?? ""}`): MochatMessage {
  return { id, sender, text };
}

/** A bridge that gives these answers one after another, and empty pages when there are no more. */
export function script(...answers: readonly (MochatPage | Error)[]): Bridge {
  const rest = [...answers];
  return () => {
    const answer = rest.shift() ?? page([]);
    if (answer instanceof Error) throw answer;
    return answer;
  };
}

/** A bridge that does not answer before it is told to stop. */
export const hanging: Bridge = (_since, signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });

/** A bridge with messages `m-1` to `m-<count>` that gives the next page after `since_id`. */
export function pagingBridge(messages: readonly MochatMessage[], pageSize: number): Bridge {
  return (since) => {
    const start = messages.findIndex(({ id }) => id === since) + 1;
    return page(messages.slice(start, start + pageSize));
  };
}
