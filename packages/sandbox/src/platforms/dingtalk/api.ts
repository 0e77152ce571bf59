import { readSwitches } from "../../control/switches.ts";
import { BEHAVIOUR, type DingtalkBehaviour } from "./behaviour.ts";
import type { DingtalkConnection } from "./connections.ts";
import type { DingtalkContent } from "./content.ts";
import type { DeliveryChoice, DingtalkDelivery } from "./deliveries.ts";
import type { DingtalkPing } from "./heartbeat.ts";
import { LIMITS } from "./limits.ts";
import type { DingtalkUpload } from "./media.ts";
import type { NewRefusal } from "./refusal.ts";
import { type DingtalkSaying, sayAs } from "./say.ts";
import { type DingtalkPlace, isSamePlace } from "./sessions.ts";
import type { DingtalkAck, DingtalkReaction, DingtalkSent, DingtalkState } from "./state.ts";
import type { DingtalkPush } from "./wire.ts";

/** A private conversation, by the user's staff id, or a group. */
export type DingtalkWhere = string | { readonly group: string };

/** Drives the emulated DingTalk. */
export interface DingtalkControl {
  /** What a channel takes as `base_url`. */
  readonly url: string;
  readonly clientId: string;
  /** The secret that is accepted now. */
  readonly clientSecret: string;
  /** Accepts this secret from now on, and no other. */
  acceptSecret(secret: string): void;
  /** Sets switches; those that are not given stay. @throws TypeError when one is unknown or its value impossible. */
  behave(switches: Partial<DingtalkBehaviour>): void;
  /**
   * Says something as a user, in private or in a group; a string is a text.
   *
   * @returns the message's `msgId`.
   * @throws TypeError for a kind that does not exist in groups.
   */
  say(user: string, content: string | DingtalkContent, saying?: DingtalkSaying): string;
  /** Delivers any frame as a message is delivered: to one connection that subscribed to it, until it is answered. @returns its `msgId`. */
  push(frame: DingtalkPush, choice?: DeliveryChoice): string;
  /** Delivers a message once more, at once. @throws RangeError when no such message is remembered. */
  redeliver(msgId: string, choice?: DeliveryChoice): DingtalkDelivery;
  /** Every attempt to deliver something, oldest first, the last 10,000; and the next that no call has given yet. */
  readonly deliveries: readonly DingtalkDelivery[];
  nextDelivery(signal?: AbortSignal): Promise<DingtalkDelivery>;
  /** What clients answered, pings apart, oldest first, the last 10,000; and the next that no call has given yet. */
  readonly acks: readonly DingtalkAck[];
  nextAck(signal?: AbortSignal): Promise<DingtalkAck>;
  /** The connections that are open, oldest first; and the next to open that no call has given yet. */
  readonly connections: readonly DingtalkConnection[];
  nextConnection(signal?: AbortSignal): Promise<DingtalkConnection>;
  /** Tells every connection to disconnect. */
  disconnect(reason?: string): void;
  /** Pings every connection, at once. */
  ping(): void;
  /** The pings of the last connections, oldest first; and the next answered one that no call has given yet. */
  readonly pings: readonly DingtalkPing[];
  nextPong(signal?: AbortSignal): Promise<DingtalkPing>;
  /** The robot's messages, oldest first, the last 10,000; and the next in one place, or in any, that no call has given yet. */
  readonly sent: readonly DingtalkSent[];
  nextReply(where?: DingtalkWhere, signal?: AbortSignal): Promise<DingtalkSent>;
  /**
   * Answers the next calls with a refusal, default once: a number is the errcode of session webhooks and uploads, an
   * object the answer to a good access token. Calls add up, in order. @throws RangeError when more than 10,000 would wait.
   */
  refuse(refusal: number | NewRefusal, times?: number): void;
  /** Makes every ticket bad that has been given out. */
  expireTickets(): void;
  /** Ends the session webhooks of one place, or all. */
  expireWebhooks(where?: DingtalkWhere): void;
  /** Makes the access token bad. */
  revokeToken(): void;
  /** Puts the robot into a group where nobody has said anything yet. */
  join(group: string): void;
  /** What the robot uploaded, oldest first. */
  readonly uploads: readonly DingtalkUpload[];
  /** The robot's reactions, oldest first. */
  readonly reactions: readonly DingtalkReaction[];
}

/** Creates what a test in this process drives the platform by. */
export function createDingtalkApi(state: DingtalkState, url: string): DingtalkControl {
  const any = (): boolean => true;
  return {
    ...steering(state, url),
    url,
    get clientId() {
      return state.credentials.clientId;
    },
    get clientSecret() {
      return state.credentials.clientSecret;
    },
    get deliveries() {
      return state.deliveries.log.entries;
    },
    nextDelivery: (signal) => state.deliveries.log.take(any, signal),
    get acks() {
      return state.acks.entries;
    },
    nextAck: (signal) => state.acks.take(any, signal),
    get connections() {
      return [...state.connections.values()];
    },
    nextConnection: (signal) => state.connectionLog.take(any, signal),
    get pings() {
      return state.heartbeat.log.entries;
    },
    nextPong: (signal) => state.heartbeat.log.take(({ answeredAt }) => answeredAt !== undefined, signal),
    get sent() {
      return state.sent.entries;
    },
    nextReply: (where, signal) => state.sent.take((message) => where === undefined || isSamePlace(placeOf(where), message), signal),
    get uploads() {
      return [...state.media.uploads.values()];
    },
    get reactions() {
      return state.reactions.entries;
    },
  };
}

type Steering =
  | "acceptSecret" | "behave" | "say" | "push" | "redeliver" | "disconnect" | "ping"
  | "refuse" | "expireTickets" | "expireWebhooks" | "revokeToken" | "join";

function steering(state: DingtalkState, url: string): Pick<DingtalkControl, Steering> {
  return {
    acceptSecret: (clientSecret) => {
      state.credentials = { ...state.credentials, clientSecret };
    },
    behave: (switches) => {
      state.behaviour = { ...state.behaviour, ...readSwitches(BEHAVIOUR, switches) };
    },
    say: (user, content, saying = {}) => sayAs(state, url, { ...saying, user, content: typeof content === "string" ? { msgtype: "text", text: content } : content }),
    push: (frame, choice) => state.deliveries.send(state.newMessageId(), frame, choice).msgId,
    redeliver: (msgId, choice) => state.deliveries.resend(msgId, choice),
    disconnect: (reason) => {
      for (const connection of state.connections.values()) connection.disconnect(reason);
    },
    ping: () => {
      for (const connection of state.connections.values()) connection.ping();
    },
    refuse: (refusal, times = 1) => refuseNext(state, refusal, times),
    expireTickets: () => state.tickets.clear(),
    expireWebhooks: (where) => state.sessions.expire(where === undefined ? undefined : placeOf(where)),
    revokeToken: () => state.tokens.revoke(),
    join: (group) => state.join(group),
  };
}

function placeOf(where: DingtalkWhere): DingtalkPlace {
  return typeof where === "string" ? { user: where } : { user: "", group: where.group };
}

function refuseNext({ errcodes, refusals }: DingtalkState, refusal: number | NewRefusal, times: number): void {
  const waiting = typeof refusal === "number" ? errcodes.length : refusals.length;
  if (waiting + times > LIMITS.keptCount) throw new RangeError(`at most ${LIMITS.keptCount} refusals may wait`);
  for (let count = 0; count < times; count += 1) {
    if (typeof refusal === "number") errcodes.push(refusal);
    else refusals.push(refusal);
  }
}
