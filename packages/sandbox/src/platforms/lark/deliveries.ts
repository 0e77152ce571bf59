import { randomUUID } from "node:crypto";
import { setBounded } from "../../record/bounded-map.ts";
import { createLog, type Log } from "../../record/log.ts";
import type { Agenda } from "../../server/agenda.ts";
import { createRouting } from "../routing.ts";
import type { LarkBehaviour } from "./behaviour.ts";
import type { LiveConnection } from "./connections.ts";
import type { LarkChoice, LarkDelivery, Parcel } from "./delivery.ts";
import { newEventId } from "./event.ts";
import { framesOf, sendFrames } from "./event-frames.ts";
import type { LarkFrame } from "./frame.ts";
import { LIMITS } from "./limits.ts";
import type { Webhook } from "./webhook.ts";

/** A {@link LarkDelivery} that may still be answered. */
export interface Attempt extends Omit<LarkDelivery, "answeredAt"> {
  answeredAt?: number;
}

/** What went out in an attempt, by which an ack is checked. */
export interface SentAttempt {
  readonly attempt: Attempt;
  /** Without their payloads. */
  readonly frames: readonly LarkFrame[];
}

/** What deliveries stand on. */
export interface DeliveriesContext {
  readonly now: () => number;
  readonly agenda: Agenda;
  readonly closing: AbortSignal;
  readonly behaviour: () => LarkBehaviour;
  readonly nextOrder: () => number;
  readonly connections: ReadonlyMap<number, LiveConnection>;
  readonly webhook: Pick<Webhook, "url" | "post">;
}

/** Brings events to the bot, again when they are not answered. */
export interface Deliveries {
  readonly log: Log<LarkDelivery>;
  /** Sends an event for the first time. */
  send(parcel: Parcel, choice?: LarkChoice): LarkDelivery;
  /** Sends it once more. @throws RangeError when no such event is remembered. */
  resend(id: string, choice?: LarkChoice): LarkDelivery;
  /** What went out on this connection under this header `message_id`. */
  find(transportId: string, connection: number): SentAttempt | undefined;
  /** Takes an answer as the end of an attempt and of its event. */
  answered(attempt: Attempt, data: unknown): void;
  clear(): void;
}

interface Message extends Parcel {
  attempts: number;
  lastTransportId: string;
  isAnswered: boolean;
  giveUp: () => void;
}

/** Creates {@link Deliveries} with nothing under way. */
export function createDeliveries(context: DeliveriesContext): Deliveries {
  const { now, agenda, closing, behaviour, nextOrder, webhook } = context;
  const log = createLog<Attempt>(LIMITS.keptCount, closing);
  const messages = new Map<string, Message>();
  const sent = new Map<string, SentAttempt>();
  const target = createTargeting(context);

  function attempt(message: Message, choice: LarkChoice): LarkDelivery {
    const isPosted = webhook.url !== undefined && choice.connection === undefined;
    const connection = isPosted ? undefined : target(choice.connection);
    const eventId = choice.eventId === "new" ? newEventId() : message.eventId;
    message.attempts += 1;
    if (choice.transportId !== "same") message.lastTransportId = randomUUID();
    const { id, eventType, attempts, lastTransportId: transportId } = message;
    const entry = log.append((seq) => ({
      seq, order: nextOrder(), at: now(), id, eventId, eventType, attempt: attempts,
      ...(isPosted ? { via: "webhook" } : {}),
      ...(connection === undefined ? {} : { via: "socket", connection: connection.id, transportId }),
    }));
    expectAnswer(message);
    const text = JSON.stringify(message.render(eventId));
    if (isPosted) void webhook.post(text, { id, attempt: attempts, onAccepted: (answer) => answered(entry, answer) });
    else if (connection !== undefined) setBounded(sent, [`${connection.id} ${transportId}`, transmit(entry, connection, { text, choice })], LIMITS.keptCount);
    return entry;
  }

  function expectAnswer(message: Message): void {
    message.giveUp();
    const { retryAfterMs, redeliveredId } = behaviour();
    const wait = retryAfterMs[message.attempts - 1];
    if (message.isAnswered || wait === undefined || !message.isRetried) return;
    message.giveUp = agenda.at(now() + wait, () => attempt(message, { transportId: redeliveredId }));
  }

  function answered(entry: Attempt, data: unknown): void {
    const message = messages.get(entry.id);
    entry.answeredAt ??= now();
    log.changed(entry);
    if (message === undefined) return;
    message.isAnswered = true;
    message.giveUp();
    message.onAnswer?.(data);
  }

  return {
    log,
    send: (parcel, choice = {}) => {
      const message: Message = { ...parcel, attempts: 0, lastTransportId: "", isAnswered: false, giveUp: () => undefined };
      setBounded(messages, [parcel.id, message], LIMITS.keptCount);
      return attempt(message, choice);
    },
    resend: (id, choice = {}) => {
      const message = messages.get(id);
      if (message === undefined) throw new RangeError(`no event has the id ${id}`);
      return attempt(message, choice);
    },
    find: (transportId, connection) => sent.get(`${connection} ${transportId}`),
    answered,
    clear: () => {
      for (const message of messages.values()) message.giveUp();
      for (const kept of [messages, sent, log]) kept.clear();
    },
  };
}

/** One at random of those that are open, or the one that is asked for. */
function createTargeting({ connections, behaviour }: DeliveriesContext): (chosen: number | undefined) => LiveConnection | undefined {
  const choose = createRouting();
  return (chosen) => (chosen === undefined ? choose([...connections.values()].filter(({ isOpen }) => isOpen), behaviour()) : connections.get(chosen));
}

function transmit(attempt: Attempt, connection: LiveConnection, { text, choice }: { readonly text: string; readonly choice: LarkChoice }): SentAttempt {
  const { transportId = "", eventId, eventType, at } = attempt;
  const { frame: type = "event", fragments: count, fragmentOrder: order } = choice;
  const frames = framesOf(Buffer.from(text), { type, transportId, eventId, at, count }, connection);
  sendFrames(connection, frames, { name: `${type} ${eventType}`, order });
  return { attempt, frames: frames.map(({ payload: _payload, ...frame }) => frame) };
}
