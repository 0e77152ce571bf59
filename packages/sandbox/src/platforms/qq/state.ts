import { randomBytes } from "node:crypto";
import { setBounded } from "../../record/bounded-map.ts";
import { createLog, type Log } from "../../record/log.ts";
import type { PlatformContext } from "../platform.ts";
import { createSlidingWindow, type SlidingWindow } from "../sliding-window.ts";
import { type Admission, createAdmission } from "./admission.ts";
import { DEFAULT_BEHAVIOUR, type QqBehaviour } from "./behaviour.ts";
import type { LiveConnection, QqConnection } from "./connections.ts";
import { type Contacts, createContacts } from "./contacts.ts";
import type { QqElement } from "./content.ts";
import { LIMITS } from "./limits.ts";
import type { QqLogin } from "./login.ts";
import { createMedia, type Media } from "./media.ts";
import { createParts, type Parts } from "./parts.ts";
import type { QqPlace } from "./place.ts";
import { createReferences, type References } from "./references.ts";
import { createRefusals, type Refusals } from "./refusals.ts";
import { fieldsOf, type Outgoing, type QqSent } from "./sent.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { createStarts, type Starts } from "./starts.ts";
import type { QqStream } from "./stream-routes.ts";
import { createTokens, type Tokens } from "./tokens.ts";
import type { QqEvent } from "./wire.ts";

/** What identifies the bot. */
export interface QqCredentials {
  readonly appId: string;
  readonly appSecret: string;
  /** Its user id, which clients learn from READY. */
  readonly botId: string;
}

/** A heartbeat of a client. */
export interface QqHeartbeat {
  readonly seq: number;
  /** Counts everything that the platform saw, so that a smaller one came first. */
  readonly order: number;
  /** Epoch ms. */
  readonly at: number;
  readonly connection: number;
  /** The last number that the client had. */
  readonly s: number | null;
}

/** The bot's answer to a press on a button. */
export interface QqInteractionAck {
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  /** Of the interaction. */
  readonly id: string;
  readonly code: number;
}

/** A message of a user as it was brought to the bot. */
export interface SaidEvent {
  readonly t: string;
  readonly d: Readonly<Record<string, unknown>>;
  readonly place: QqPlace;
}

/** A message of the bot that may be taken back. */
export interface LiveSent extends QqSent {
  isRecalled: boolean;
}

/** What the emulated QQ remembers. */
export interface QqState {
  behaviour: QqBehaviour;
  credentials: QqCredentials;
  readonly now: () => number;
  readonly closing: AbortSignal;
  readonly tokens: Tokens;
  readonly starts: Starts;
  readonly sessions: Sessions;
  readonly contacts: Contacts;
  readonly references: References;
  readonly admission: Admission;
  readonly media: Media;
  readonly parts: Parts;
  readonly refusals: Refusals;
  /** Calls of each kind. */
  readonly calls: SlidingWindow;
  /** Those that are open, by id. */
  readonly connections: Map<number, LiveConnection>;
  /** All that ever were. */
  readonly connectionLog: Log<QqConnection>;
  readonly logins: Log<QqLogin>;
  readonly heartbeats: Log<QqHeartbeat>;
  readonly sent: Log<LiveSent>;
  readonly typings: Log<QqSent>;
  readonly streams: Map<string, QqStream>;
  readonly interactions: Map<string, true>;
  readonly interactionAcks: Log<QqInteractionAck>;
  /** Messages of users, and everything that can be quoted, by message id. */
  readonly said: Map<string, SaidEvent>;
  readonly quotable: Map<string, QqElement>;
  remember(messageId: string, quotable: QqElement): void;
  /** Tells an event, and lets it be answered in this place. @returns its id. */
  publish(event: QqEvent, place: QqPlace): string;
  /** Counts a message among those that arrived, or typing among typings. */
  deliver(place: QqPlace, message: Outgoing, id?: string): QqSent;
  nextOrder(): number;
  newMessageId(): string;
  newRefIdx(): string;
  reset(): void;
}

/** The logs, windows and maps of a platform on which nothing has happened. */
function emptyRecords({ now, closing }: PlatformContext): Pick<QqState, "connectionLog" | "logins" | "heartbeats" | "sent" | "typings" | "interactionAcks" | "streams" | "interactions" | "said" | "quotable" | "calls"> {
  const log = <T extends object>(): Log<T> => createLog<T>(LIMITS.keptCount, closing);
  return {
    connectionLog: log(),
    logins: log(),
    heartbeats: log(),
    sent: log(),
    typings: log(),
    interactionAcks: log(),
    streams: new Map(),
    interactions: new Map(),
    said: new Map(),
    quotable: new Map(),
    calls: createSlidingWindow(LIMITS.secondMs, now),
  };
}

/** Creates the state of a fresh platform with one bot that knows these users and groups. */
export function createQqState(context: PlatformContext, credentials: QqCredentials, known: readonly QqPlace[]): QqState {
  const { now, closing } = context;
  const behaviour = (): QqBehaviour => state.behaviour;
  const contacts = createContacts(known);
  const references = createReferences(now, behaviour);
  const records = emptyRecords(context);
  let order = 0;
  const nextOrder = (): number => ++order;
  const state: QqState = {
    ...records,
    behaviour: DEFAULT_BEHAVIOUR,
    credentials,
    now,
    closing,
    tokens: createTokens(now, behaviour),
    starts: createStarts(now, behaviour),
    sessions: createSessions(now, behaviour),
    contacts,
    references,
    admission: createAdmission({ now, behaviour, contacts, references }),
    media: createMedia(now, behaviour),
    parts: createParts(now),
    refusals: createRefusals(),
    connections: new Map(),
    remember: (messageId, quotable) => setBounded(records.quotable, [messageId, quotable], LIMITS.keptCount),
    publish: (event, place) => {
      const id = event.id ?? `${event.t}:${randomBytes(9).toString("base64url")}`;
      references.note(id, place, event.t);
      state.sessions.publish({ ...event, id });
      return id;
    },
    deliver: (place, message, id = state.newMessageId()) => {
      const refIdx = state.newRefIdx();
      state.remember(id, { refIdx, text: message.text });
      const log = message.kind === "typing" ? records.typings : records.sent;
      return log.append((seq) => ({ seq, order: nextOrder(), at: now(), id, refIdx, user: place.user, ...(place.group === undefined ? {} : { group: place.group }), ...fieldsOf(message), isRecalled: false }));
    },
    nextOrder,
    newMessageId: () => `ROBOT1.0_${randomBytes(24).toString("base64url")}`,
    newRefIdx: () => `REFIDX_${randomBytes(12).toString("base64url")}==`,
    reset: () => {
      state.behaviour = DEFAULT_BEHAVIOUR;
      state.credentials = credentials;
      state.tokens.revoke();
      const { streams, interactions, said, quotable, calls, logins, heartbeats, sent, typings, interactionAcks } = records;
      for (const kept of [streams, interactions, said, quotable, calls, logins, heartbeats, sent, typings, interactionAcks]) kept.clear();
      for (const kept of [state.starts, state.sessions, contacts, references, state.admission, state.media, state.parts, state.refusals]) kept.clear();
    },
  };
  return state;
}
