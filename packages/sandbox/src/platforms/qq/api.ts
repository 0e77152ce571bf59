import { readSwitches } from "../../control/switches.ts";
import type { Log } from "../../record/log.ts";
import { BEHAVIOUR, type QqBehaviour } from "./behaviour.ts";
import type { QqConnection } from "./connections.ts";
import type { QqContent } from "./content.ts";
import type { QqLogin } from "./login.ts";
import type { QqUpload } from "./media.ts";
import { interact, notify, type QqInteraction, type QqNotice } from "./notices.ts";
import { keyOf, placeOf, type QqWhere } from "./place.ts";
import type { QqRefusalRule } from "./refusal.ts";
import { type QqRedelivery, type QqSaying, sayAgain, sayAs } from "./say.ts";
import type { QqSent } from "./sent.ts";
import type { QqPush, QqSession } from "./sessions.ts";
import type { QqHeartbeat, QqInteractionAck, QqState } from "./state.ts";
import type { QqStream } from "./stream-routes.ts";
import type { QqEvent } from "./wire.ts";

/** Drives the emulated QQ. */
export interface QqControl {
  /** What a channel takes as `base_url`. */
  readonly url: string;
  readonly appId: string;
  /** The secret that is accepted now. */
  readonly appSecret: string;
  /** The bot's own user id. */
  readonly botId: string;
  /** Accepts this secret from now on, and no other. */
  acceptSecret(secret: string): void;
  /** Makes every access token bad. */
  revokeTokens(): void;
  /** Sets switches; those that are not given stay. @throws TypeError when one is unknown or its value impossible. */
  behave(switches: Partial<QqBehaviour>): void;
  /**
   * Says something as a user, in private or in a group; a string is a text.
   *
   * Every session that wants it gets it, also one whose connection is broken and that may be resumed.
   *
   * @returns the message's id.
   * @throws RangeError when it quotes a message that nobody knows.
   */
  say(user: string, content: string | QqContent, saying?: QqSaying): string;
  /** Brings a message once more, by the same id or another. @returns that id. @throws RangeError when no such message is remembered. */
  redeliver(messageId: string, redelivery?: QqRedelivery): string;
  /** A user, or somebody in a group, changes how they stand to the bot. @returns the event's id. @throws TypeError when the event is not of such a place. */
  notify(notice: QqNotice, where: QqWhere): string;
  /** Presses a button as a user. @returns the ids of the interaction and of the event. */
  interact(user: string, interaction?: QqInteraction): { readonly id: string; readonly eventId: string };
  /** Tells any event, to every session that wants it unless chosen otherwise. */
  push(event: QqEvent, choice?: QqPush): void;
  /** Lets the bot know a user or a group where nobody has said anything yet. */
  meet(where: QqWhere): void;
  /** The connections that are open, oldest first; and the next to open that no call has given yet. */
  readonly connections: readonly QqConnection[];
  nextConnection(signal?: AbortSignal): Promise<QqConnection>;
  /** Every Identify and Resume with its outcome, oldest first, the last 10,000; and the next that no call has given yet. */
  readonly logins: readonly QqLogin[];
  nextLogin(signal?: AbortSignal): Promise<QqLogin>;
  /** The sessions that are known, with and without a connection. */
  readonly sessions: readonly QqSession[];
  /** Lets no session that was begun until now be resumed. */
  spoilSessions(): void;
  /** Uses up the Identifies that `/gateway/bot` tells of. */
  exhaustStarts(): void;
  /** The heartbeats of clients, oldest first, the last 10,000; and the next that no call has given yet. */
  readonly heartbeats: readonly QqHeartbeat[];
  nextHeartbeat(signal?: AbortSignal): Promise<QqHeartbeat>;
  /** The bot's messages in the order in which they arrived, the last 10,000; and the next in one place, or in any, that no call has given yet. */
  readonly sent: readonly QqSent[];
  nextReply(where?: QqWhere, signal?: AbortSignal): Promise<QqSent>;
  /** Where the bot showed that it types, oldest first. */
  readonly typings: readonly QqSent[];
  /** The messages that grew or are growing, oldest first. */
  readonly streams: readonly QqStream[];
  /** What the bot uploaded, oldest first. */
  readonly uploads: readonly QqUpload[];
  /** Makes every upload bad, before its time. */
  expireUploads(): void;
  /** The bot's answers to presses on buttons, oldest first. */
  readonly interactionAcks: readonly QqInteractionAck[];
  /** Answers the next calls with a code, default once. Calls add up, in order. @throws RangeError when more than 10,000 would wait. */
  refuse(refusal: number | QqRefusalRule, times?: number): void;
}

/** Creates what a test in this process drives the platform by. */
export function createQqApi(state: QqState, url: string): QqControl {
  return {
    ...steering(state, url),
    url,
    get appId() {
      return state.credentials.appId;
    },
    get appSecret() {
      return state.credentials.appSecret;
    },
    get botId() {
      return state.credentials.botId;
    },
    get connections() {
      return [...state.connections.values()];
    },
    nextConnection: (signal) => takeAny(state.connectionLog, signal),
    get logins() {
      return state.logins.entries;
    },
    nextLogin: (signal) => takeAny(state.logins, signal),
    get sessions() {
      return state.sessions.all;
    },
    get heartbeats() {
      return state.heartbeats.entries;
    },
    nextHeartbeat: (signal) => takeAny(state.heartbeats, signal),
    get sent() {
      return state.sent.entries;
    },
    nextReply: (where, signal) => state.sent.take((message) => where === undefined || keyOf(placeOf(where)) === keyOf(message), signal),
    get typings() {
      return state.typings.entries;
    },
    get streams() {
      return [...state.streams.values()];
    },
    get uploads() {
      return state.media.uploads;
    },
    get interactionAcks() {
      return state.interactionAcks.entries;
    },
  };
}

type Steering =
  | "acceptSecret" | "revokeTokens" | "behave" | "say" | "redeliver" | "notify" | "interact" | "push" | "meet"
  | "spoilSessions" | "exhaustStarts" | "expireUploads" | "refuse";

function steering(state: QqState, url: string): Pick<QqControl, Steering> {
  return {
    acceptSecret: (appSecret) => {
      state.credentials = { ...state.credentials, appSecret };
    },
    revokeTokens: () => state.tokens.revoke(),
    behave: (switches) => {
      state.behaviour = { ...state.behaviour, ...readSwitches(BEHAVIOUR, switches) };
    },
    say: (user, content, saying = {}) => sayAs(state, url, { ...saying, user, content: typeof content === "string" ? { text: content } : content }),
    redeliver: (messageId, redelivery = {}) => sayAgain(state, messageId, redelivery),
    notify: (notice, where) => notify(state, notice, where),
    interact: (user, interaction = {}) => interact(state, user, interaction),
    push: (event, choice) => state.sessions.publish(event, choice),
    meet: (where) => state.contacts.meet(placeOf(where)),
    spoilSessions: () => state.sessions.spoil(),
    exhaustStarts: () => state.starts.exhaust(),
    expireUploads: () => state.media.expireUploads(),
    refuse: (refusal, times = 1) => state.refusals.add(refusal, times),
  };
}

function takeAny<T extends object>(log: Log<T>, signal?: AbortSignal): Promise<T> {
  return log.take(() => true, signal);
}
