import { randomUUID } from "node:crypto";
import type { Agenda } from "../../server/agenda.ts";
import { setBounded } from "../../record/bounded-map.ts";
import { createLog, type Log } from "../../record/log.ts";
import type { DingtalkBehaviour } from "./behaviour.ts";
import { isEligible, type LiveConnection } from "./connections.ts";
import { LIMITS } from "./limits.ts";
import { type Answer, type DingtalkPush, nameOf, renderFrame } from "./wire.ts";

/** One attempt to bring a frame to a client. */
export interface DingtalkDelivery {
  readonly seq: number;
  /** Counts everything that the platform saw, so that a smaller one came first. */
  readonly order: number;
  /** Epoch ms. */
  readonly at: number;
  /** The message's own id, the same in every attempt. */
  readonly msgId: string;
  /** This attempt's id, which the answer must name. */
  readonly messageId: string;
  /** From 1. */
  readonly attempt: number;
  /** Id of the connection; absent when none could take it, so that nothing was sent. */
  readonly connection?: number;
  readonly type: string;
  readonly topic: string;
  /** Epoch ms; absent while this attempt has no answer. */
  readonly answeredAt?: number;
}

/** How an attempt may differ from what the platform would do. */
export interface DeliveryChoice {
  /** Id of the connection that gets it, even one that is draining or has not subscribed. */
  readonly connection?: number;
  /** Its `headers.messageId`: another one (default) or that of the attempt before. */
  readonly messageId?: "new" | "same";
}

/** What deliveries stand on. */
export interface DeliveriesContext {
  readonly now: () => number;
  readonly agenda: Agenda;
  readonly closing: AbortSignal;
  readonly behaviour: () => DingtalkBehaviour;
  readonly nextOrder: () => number;
  readonly connections: ReadonlyMap<number, LiveConnection>;
  readonly choose: (candidates: readonly LiveConnection[], behaviour: DingtalkBehaviour) => LiveConnection | undefined;
}

/** Brings frames to clients, again when they are not answered. */
export interface Deliveries {
  readonly log: Log<DingtalkDelivery>;
  /** Sends a message for the first time. */
  send(msgId: string, push: DingtalkPush, choice?: DeliveryChoice): DingtalkDelivery;
  /** Sends it once more. @throws RangeError when no such message is remembered. */
  resend(msgId: string, choice?: DeliveryChoice): DingtalkDelivery;
  /** The attempt that this connection got under this id. */
  find(messageId: string, connection: number): Attempt | undefined;
  /** Takes an answer as the end of an attempt and of its message. */
  answered(attempt: Attempt, answer: Answer): void;
  clear(): void;
}

interface Message {
  readonly msgId: string;
  readonly push: DingtalkPush;
  attempts: number;
  lastId: string;
  isAnswered: boolean;
  giveUp: () => void;
}

/** A {@link DingtalkDelivery} that may still be answered. */
interface Attempt extends Omit<DingtalkDelivery, "answeredAt"> {
  answeredAt?: number;
}

/** Creates {@link Deliveries} with nothing under way. */
export function createDeliveries({ now, agenda, closing, behaviour, nextOrder, connections, choose }: DeliveriesContext): Deliveries {
  const log = createLog<Attempt>(LIMITS.keptCount, closing);
  const messages = new Map<string, Message>();
  const attempts = new Map<string, Attempt>();

  function target(push: DingtalkPush, chosen: number | undefined): LiveConnection | undefined {
    if (chosen !== undefined) return connections.get(chosen);
    return choose([...connections.values()].filter((connection) => isEligible(connection, push)), behaviour());
  }

  function attempt(message: Message, choice: DeliveryChoice): DingtalkDelivery {
    const { msgId, push } = message;
    const connection = target(push, choice.connection);
    const at = now();
    const messageId = choice.messageId === "same" ? message.lastId : randomUUID();
    message.attempts += 1;
    message.lastId = messageId;
    const entry = log.append((seq) => ({
      seq, order: nextOrder(), at, msgId, messageId, attempt: message.attempts, type: push.type, topic: push.topic,
      ...(connection === undefined ? {} : { connection: connection.id }),
    }));
    setBounded(attempts, [`${connection?.id} ${messageId}`, entry], LIMITS.keptCount);
    expectAnswer(message);
    if (connection !== undefined) transmit(connection, push, { messageId, at, ...behaviour() });
    return entry;
  }

  function expectAnswer(message: Message): void {
    message.giveUp();
    const { redeliverAfterMs, redeliveries, redeliveredId } = behaviour();
    // Clients need not answer the platform's own frames.
    if (message.isAnswered || message.attempts > redeliveries || message.push.type === "SYSTEM") return;
    message.giveUp = agenda.at(now() + redeliverAfterMs, () => attempt(message, { messageId: redeliveredId }));
  }

  return {
    log,
    send: (msgId, push, choice = {}) => {
      const message: Message = { msgId, push, attempts: 0, lastId: "", isAnswered: false, giveUp: () => undefined };
      setBounded(messages, [msgId, message], LIMITS.keptCount);
      return attempt(message, choice);
    },
    resend: (msgId, choice = {}) => {
      const message = messages.get(msgId);
      if (message === undefined) throw new RangeError(`no message has the id ${msgId}`);
      return attempt(message, choice);
    },
    find: (messageId, connection) => attempts.get(`${connection} ${messageId}`),
    answered: (entry, answer) => {
      const message = messages.get(entry.msgId);
      entry.answeredAt ??= now();
      log.changed(entry);
      if (message === undefined || asksForMore(entry, answer)) return;
      message.isAnswered = true;
      message.giveUp();
    },
    clear: () => {
      for (const message of messages.values()) message.giveUp();
      messages.clear();
      attempts.clear();
      log.clear();
    },
  };
}

function transmit({ id, line }: LiveConnection, push: DingtalkPush, { messageId, at, numbersAs, dataAs }: Pick<DingtalkDelivery, "messageId" | "at"> & DingtalkBehaviour): void {
  const timeAs = numbersAs === "number" ? "number" : "string";
  line.send(nameOf(push), renderFrame(push, { messageId, connectionId: `sandbox-${id}`, at, timeAs, dataAs }));
}

/** An event may be put off. */
function asksForMore({ type }: DingtalkDelivery, { data }: Answer): boolean {
  return type === "EVENT" && typeof data === "object" && data !== null && "status" in data && data.status === "LATER";
}
