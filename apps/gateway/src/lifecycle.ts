import type { Channel, ChannelContext } from "@revka/core";
import type { DeniedSenders } from "./denied-senders.ts";
import type { Gateway, GatewaySnapshot } from "./gateway-options.ts";
import type { InboxEntry } from "./inbox/entry.ts";
import type { DeadLetters } from "./inbox/dead-letters.ts";
import { createReception } from "./inbox/reception.ts";
import { resumeEntries, resumeEntry, resumeLeft } from "./inbox/resume.ts";
import { createPermits } from "./permits.ts";
import { createRoster } from "./roster.ts";
import type { Runtime } from "./runtime.ts";
import type { SqliteStores } from "./store/sqlite-store.ts";
import { supervise } from "./supervisor.ts";
import { handleEntry } from "./turns/handle-entry.ts";
import { unusedSettings } from "./treatment.ts";
import { createLanes } from "./turns/lanes.ts";
import { keepClean } from "./upkeep.ts";
import { within } from "./within.ts";

/** A gateway's parts, opened and wired. */
export interface GatewayParts {
  readonly channels: readonly Channel[];
  readonly contextOf: (instance: string) => ChannelContext;
  readonly runtime: Runtime;
  readonly stores: SqliteStores;
  readonly letters: DeadLetters;
  readonly denied: DeniedSenders;
  /** Of `runtime.draining` and `runtime.stopped`. */
  readonly draining: AbortController;
  readonly stopped: AbortController;
  readonly isDegraded: boolean;
  /** The database and the folder's lock: closed last. */
  readonly opened: DisposableStack;
}

/** How long channels and agent may take to end once everything is aborted. */
const CLOSE_MS = 5_000;

/** The gateway over its parts: starts them, drains them, tells how they stand. */
export function createLifecycle({ channels, contextOf, runtime, stores, letters, denied, draining, stopped, isDegraded, opened }: GatewayParts): Gateway {
  const { agent, clock, thinking, logger } = runtime;
  const room = createPermits(() => runtime.settings.queueTotal);
  const lanes = createLanes();
  const handle = (entry: InboxEntry, channel: Channel): Promise<void> => handleEntry(entry, channel, runtime);
  const stages = { runtime, room, lanes, handle };
  const reception = createReception(stages);
  const roster = createRoster(channels, {
    keep: (channel, standIn, signal) => supervise(channel, reception.acceptFor(standIn), { ...runtime, signal }),
    onNewcomer: (standIn) => resumeLeft(standIn, stages),
    ...{ clock, logger },
  });
  const closed = Promise.withResolvers<undefined>();
  closed.promise.catch(() => undefined); // whoever cares awaits it
  let state: GatewaySnapshot["state"] = "created";
  let loops: Promise<unknown> = Promise.resolve();
  let stopping: Promise<void> | undefined;

  function beginLoops(): void {
    loops = Promise.all([roster.listen(draining.signal, stopped.signal), keepClean(runtime, stores), denied.keep(draining.signal)]);
    loops.catch(closed.reject);
  }

  async function endAgent(): Promise<void> {
    await agent.stop?.();
  }

  async function drain(): Promise<void> {
    state = "draining";
    draining.abort();
    lanes.close();
    const isDrained = await within(runtime.settings.drainTimeoutMs, lanes.idle(), clock);
    if (!isDrained) logger.warn({ component: "gateway", unfinished: room.taken }, "The drain took too long; what is left waits for the next start");
    stopped.abort();
    await within(CLOSE_MS, Promise.all([lanes.idle(), loops]), clock);
    await within(CLOSE_MS, endAgent(), clock);
    opened.dispose();
    state = "stopped";
    closed.resolve(undefined);
  }

  return {
    get channels() {
      return roster.channels;
    },
    closed: closed.promise,
    async start() {
      if (state !== "created") throw new TypeError("A gateway starts once");
      state = "running";
      await agent.start?.();
      if (draining.signal.aborted) return;
      resumeEntries(new Map(roster.channels.map((channel) => [channel.name, channel])), stages);
      beginLoops();
    },
    stop: () => (stopping ??= drain()),
    async reconfigure({ leaving, createChannels, settings }) {
      if (state !== "running") throw new TypeError("Only a gateway that runs can be reconfigured");
      const created = await createChannels(contextOf);
      if (draining.signal.aborted) return;
      if (settings !== undefined) runtime.adopt(settings);
      await roster.replace(leaving, created.channels);
      const unused = settings === undefined ? [] : unusedSettings(roster.channels, settings);
      for (const warning of [...created.warnings, ...unused]) logger.warn({ component: "config" }, warning);
    },
    async replay(seq) {
      const letter = letters.find(seq);
      if (letter === undefined) return "unknown";
      const channel = roster.find(letter.channel);
      if (channel === undefined || state !== "running") return "no-channel";
      const entry = await letters.replay(seq, clock.now());
      if (entry !== undefined) resumeEntry(entry, channel, stages);
      return entry === undefined ? "unknown" : "replayed";
    },
    drop: (seq) => letters.drop(seq),
    snapshot: () => ({
      state,
      isDegraded,
      unfinished: room.taken,
      thinking: thinking.taken,
      channels: roster.channels.map((channel) => ({ name: channel.name, displayName: channel.displayName, status: channel.status() })),
    }),
  };
}
