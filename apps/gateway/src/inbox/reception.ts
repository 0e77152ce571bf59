import { TransientError, type Accept, type AcceptOptions, type AcceptResult, type Channel, type InboundMessage } from "@revka/core";
import type { Notice } from "../notices.ts";
import type { GatewayStep } from "../observer.ts";
import type { Permit, Permits } from "../permits.ts";
import { createRateWindow } from "../rate-window.ts";
import type { Runtime } from "../runtime.ts";
import type { Lanes } from "../turns/lanes.ts";
import { createAgeLimit } from "./age-limit.ts";
import { conversationKey } from "./conversation-key.ts";
import type { InboxEntry } from "./entry.ts";

/** Where the messages of all channels come in. */
export interface Reception {
  /** The `accept` that a channel listens with. */
  acceptFor(channel: Channel): Accept;
}

/** What a reception needs of the gateway. */
export type ReceptionRuntime = Pick<Runtime, "settings" | "inbox" | "notifier" | "reactions" | "observe" | "clock" | "logger" | "draining">;

/** What a reception works with. */
export interface ReceptionOptions {
  readonly runtime: ReceptionRuntime;
  /** Messages that are in the house at once: `queue_total`. */
  readonly room: Permits;
  readonly lanes: Lanes;
  /** The rest of an entry's way. */
  readonly handle: (entry: InboxEntry, channel: Channel) => Promise<void>;
}

const LIMITS = {
  floodWindowMs: 60_000,
  /** Messages that may wait for room; each is held by a channel that fetches no further meanwhile. */
  waitingForRoom: 1_000,
} as const;

/**
 * Bounds, dedups and records what comes in.
 *
 * The order of a conversation is the order of these calls, fixed before anything slow. A message counts as accepted
 * only once it is on disk; a copy of one that is being recorded shares its fate.
 */
export function createReception({ runtime, room, lanes, handle }: ReceptionOptions): Reception {
  const { inbox, clock, notifier, reactions, draining } = runtime;
  const flood = createRateWindow({ windowMs: LIMITS.floodWindowMs, clock });
  const noteRefusal = createRefusalLog(runtime);
  const isTooOld = createAgeLimit(runtime);
  const recording = new Map<string, Promise<AcceptResult>>();

  function observe(step: GatewayStep, { channel, id }: InboundMessage, reason?: string): void {
    runtime.observe({ step, channel, messageId: id, ...(reason !== undefined && { reason }) });
  }

  async function acceptOnce(channel: Channel, message: InboundMessage, options: AcceptOptions): Promise<AcceptResult> {
    const id = JSON.stringify([channel.name, message.id]);
    const copy = recording.get(id);
    if (copy !== undefined) {
      const fate = await copy;
      return fate === "accepted" ? "duplicate" : fate;
    }
    if (inbox.has(channel.name, message.id) || isTooOld(message)) return "duplicate";
    const record = acceptNew(channel, message, options);
    recording.set(id, record);
    try {
      return await record;
    } finally {
      recording.delete(id);
    }
  }

  async function acceptNew(channel: Channel, message: InboundMessage, options: AcceptOptions): Promise<AcceptResult> {
    const { conversationScope, senderLimitPerMinute, queueCap } = runtime.settings;
    const key = conversationKey(message, conversationScope);
    const refuse = (notice: Notice): AcceptResult => {
      observe("overflow", message, notice);
      noteRefusal(message, notice);
      void notifier.tell({ channel, message, notice, throttleKey: key });
      return "overflow";
    };
    if (!flood.take(JSON.stringify([channel.name, message.sender.id]), senderLimitPerMinute)) return refuse("too-fast");
    using place = lanes.reserve(key, queueCap);
    if (place === undefined) return refuse("queue-full");
    using held = new DisposableStack();
    const permit = room.tryTake() ?? (await waitForRoom(options));
    if (permit === undefined) return refuse("queue-full");
    held.use(permit);
    const entry = await inbox.add(message, clock.now());
    if (entry === undefined) return "duplicate";
    observe("accepted", message);
    reactions.acknowledge(channel, message);
    const kept = held.move();
    place.fill(() => handle(entry, channel).finally(() => kept.dispose()));
    return "accepted";
  }

  async function waitForRoom({ whenFull, signal }: AcceptOptions): Promise<Permit | undefined> {
    if (whenFull !== "wait" || room.waiting >= LIMITS.waitingForRoom) return undefined;
    return room.take(signal === undefined ? draining : AbortSignal.any([signal, draining]));
  }

  return {
    acceptFor: (channel) => async (message, options = {}) => {
      if (draining.aborted) throw new TransientError("The gateway is stopping", { channel: channel.name });
      observe("received", message);
      const result = await acceptOnce(channel, message, options);
      if (result === "duplicate") observe("duplicate", message);
      return result;
    },
  };
}

/** Says that a limit refused a message, of each limit once a minute for a channel. */
function createRefusalLog({ clock, logger }: Pick<Runtime, "clock" | "logger">): (message: InboundMessage, reason: Notice) => void {
  const lines = createRateWindow({ windowMs: LIMITS.floodWindowMs, clock });
  return ({ channel, id }, reason) => {
    logger[lines.take(`${channel} ${reason}`, 1) ? "warn" : "debug"]({ channel, message_id: id, reason }, "A message was refused: a limit is reached");
  };
}
