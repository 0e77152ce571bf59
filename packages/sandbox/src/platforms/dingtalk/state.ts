import { randomBytes } from "node:crypto";
import { setBounded } from "../../record/bounded-map.ts";
import { createLog, type Log } from "../../record/log.ts";
import type { PlatformContext } from "../platform.ts";
import { createRouting } from "../routing.ts";
import { createSlidingWindow, type SlidingWindow } from "../sliding-window.ts";
import { type DingtalkBehaviour, DEFAULT_BEHAVIOUR } from "./behaviour.ts";
import type { DingtalkConnection, LiveConnection } from "./connections.ts";
import { createDeliveries, type Deliveries } from "./deliveries.ts";
import { createHeartbeat, type Heartbeat } from "./heartbeat.ts";
import { LIMITS } from "./limits.ts";
import { createMedia, type Media } from "./media.ts";
import type { NewRefusal } from "./refusal.ts";
import { createSessions, type DingtalkPlace, type Sessions } from "./sessions.ts";
import { createTickets, type Tickets } from "./tickets.ts";
import { createTokens, type Tokens } from "./tokens.ts";
import type { Answer } from "./wire.ts";

/** What identifies the app. */
export interface DingtalkCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A message of the robot. */
export interface DingtalkSent extends DingtalkPlace {
  /** Counts from 1 and is never used twice, so it serves as a cursor. */
  readonly seq: number;
  /** Counts everything that the platform saw, so that a smaller one came first. */
  readonly order: number;
  /** Epoch ms. */
  readonly at: number;
  readonly via: "webhook" | "robot-api";
  /** Of a webhook its `msgtype`, of the robot API its `msgKey`. */
  readonly kind: string;
  /** Empty where the kind has none. */
  readonly title: string;
  /** The text or markdown; empty where the kind has none. */
  readonly text: string;
  /** Staff ids that are highlighted: named in `at` and in the text. */
  readonly mentioned: readonly string[];
  /** The webhook's whole body, or the `msgParam`. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Size of the request's body. */
  readonly bytes: number;
}

/** A frame of a client that is no answer to a ping. */
export interface DingtalkAck extends Answer {
  readonly seq: number;
  /** Counts everything that the platform saw, so that a smaller one came first. */
  readonly order: number;
  /** Epoch ms. */
  readonly at: number;
  /** Id of the connection that it came on. */
  readonly connection: number;
  /** Of the message that it answers; absent when it answers none that went out on this connection. */
  readonly msgId?: string;
  /** Whether it keeps the message from coming again. */
  readonly counts: boolean;
}

/** A reaction of the robot to a message. */
export interface DingtalkReaction {
  readonly seq: number;
  readonly openMsgId: string;
  readonly openConversationId: string;
  readonly name: string;
  readonly isRecalled: boolean;
}

/** What the emulated DingTalk remembers. */
export interface DingtalkState {
  behaviour: DingtalkBehaviour;
  credentials: DingtalkCredentials;
  readonly now: () => number;
  readonly tickets: Tickets;
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  readonly media: Media;
  readonly deliveries: Deliveries;
  readonly heartbeat: Heartbeat;
  /** Those that are open, by id. */
  readonly connections: Map<number, LiveConnection>;
  /** All that ever were. */
  readonly connectionLog: Log<DingtalkConnection>;
  readonly sent: Log<DingtalkSent>;
  readonly acks: Log<DingtalkAck>;
  readonly reactions: Log<DingtalkReaction>;
  hasGroup(group: string): boolean;
  /** Puts the robot into a group. */
  join(group: string): void;
  /** Messages of each webhook, and calls of each interface. */
  readonly posts: SlidingWindow;
  readonly calls: SlidingWindow;
  /** What the next webhook calls, and the next calls with an access token, are refused with. */
  readonly errcodes: number[];
  readonly refusals: NewRefusal[];
  /** Messages to the robot so far: the quota. */
  received: number;
  nextOrder(): number;
  newMessageId(): string;
  reset(): void;
}

/** Creates the state of a fresh platform with one app. */
export function createDingtalkState({ now, agenda, closing }: PlatformContext, credentials: DingtalkCredentials): DingtalkState {
  const behaviour = (): DingtalkBehaviour => state.behaviour;
  const connections = new Map<number, LiveConnection>();
  const log = <T extends object>(): Log<T> => createLog<T>(LIMITS.keptCount, closing);
  const groups = new Map<string, true>();
  let order = 0;
  const nextOrder = (): number => ++order;
  const state: DingtalkState = {
    behaviour: DEFAULT_BEHAVIOUR,
    credentials,
    now,
    tickets: createTickets(now, behaviour),
    tokens: createTokens(now, behaviour),
    sessions: createSessions(now, behaviour),
    media: createMedia(now),
    deliveries: createDeliveries({ now, agenda, closing, behaviour, nextOrder, connections, choose: createRouting() }),
    heartbeat: createHeartbeat({ now, agenda, closing, behaviour }),
    connections,
    connectionLog: log(),
    sent: log(),
    acks: log(),
    reactions: log(),
    hasGroup: (group) => groups.has(group),
    join: (group) => setBounded(groups, [group, true], LIMITS.keptCount),
    posts: createSlidingWindow(LIMITS.windowMs, now),
    calls: createSlidingWindow(LIMITS.callWindowMs, now),
    errcodes: [],
    refusals: [],
    received: 0,
    nextOrder,
    newMessageId: () => `msg${randomBytes(12).toString("base64")}==`,
    reset: () => {
      state.behaviour = DEFAULT_BEHAVIOUR;
      state.credentials = credentials;
      state.received = 0;
      state.errcodes.length = state.refusals.length = 0;
      state.tokens.revoke();
      state.sessions.expire();
      for (const kept of [state.tickets, state.media, state.deliveries, state.heartbeat.log, groups, state.posts, state.calls]) kept.clear();
      for (const kept of [state.sent, state.acks, state.reactions]) kept.clear();
    },
  };
  return state;
}
