import { randomUUID } from "node:crypto";
import { setBounded } from "../../record/bounded-map.ts";
import type { QqBehaviour } from "./behaviour.ts";
import type { LiveConnection } from "./connections.ts";
import { isWanted } from "./events.ts";
import { LIMITS } from "./limits.ts";
import { type QqEvent, renderDispatch } from "./wire.ts";

/** What a client began with Identify and may go on with after a broken connection. */
export interface QqSession {
  readonly id: string;
  readonly intents: number;
  readonly shard: readonly [number, number];
  /** Epoch ms. */
  readonly startedAt: number;
  /** Number of its last event. */
  readonly s: number;
  /** Id of the connection that carries it; absent while none does. */
  readonly connection?: number;
}

/** A session as the platform's own parts see it. */
export interface LiveSession extends Omit<QqSession, "connection"> {
  s: number;
  carrier: LiveConnection | undefined;
  /** False: a Resume is refused. */
  isResumable: boolean;
  /** Epoch ms of the end of its last connection. */
  leftAt: number;
  /** What may have to be replayed, oldest first. */
  readonly kept: { readonly s: number; readonly event: QqEvent }[];
}

/** How an event goes out that a test makes up. */
export interface QqPush {
  /** Id of the one connection that gets it, whatever it wants; it is not replayed then. */
  readonly connection?: number;
  /** Whether it has an `s`; default true. Without one it does not count, and is not replayed. */
  readonly isNumbered?: boolean;
}

/** The sessions that were begun. */
export interface Sessions {
  /** Those that are known, oldest first. */
  readonly all: readonly QqSession[];
  start(wish: Pick<QqSession, "intents" | "shard">, carrier: LiveConnection): LiveSession;
  /** `undefined` when it is unknown, was without a connection for too long, or shall not be resumed. */
  findResumable(id: string): LiveSession | undefined;
  /** Gives a session a connection, and closes the one that it had. */
  carry(session: LiveSession, carrier: LiveConnection): void;
  /** Takes a connection's session from it. */
  leave(carrier: LiveConnection, choice?: { readonly isResumable?: boolean }): void;
  /** Sends an event over the session's connection, with the next number. */
  tell(session: LiveSession, event: QqEvent): void;
  /** Tells an event to every session that wants it, also to those without a connection, and keeps it for a replay. */
  publish(event: QqEvent, choice?: QqPush): void;
  /** Sends again what came after `s`, with the numbers that it had. */
  replay(session: LiveSession, s: number): void;
  /** Lets no session that was begun until now be resumed. */
  spoil(): void;
  /** Forgets those that have no connection. */
  clear(): void;
}

const TAKEN_OVER = 4009;

/** Creates an empty {@link Sessions}. */
export function createSessions(now: () => number, behaviour: () => QqBehaviour): Sessions {
  const sessions = new Map<string, LiveSession>();

  function isAlive({ carrier, leftAt }: LiveSession): boolean {
    return carrier !== undefined || now() - leftAt < behaviour().sessionLifeMs;
  }

  return {
    get all() {
      return [...sessions.values()].filter(isAlive).map(({ carrier, id, intents, shard, startedAt, s }) => ({
        id, intents, shard, startedAt, s, ...(carrier === undefined ? {} : { connection: carrier.id }),
      }));
    },
    start: (wish, carrier) => {
      const session: LiveSession = { ...wish, id: randomUUID(), startedAt: now(), s: 0, carrier: undefined, isResumable: true, leftAt: 0, kept: [] };
      setBounded(sessions, [session.id, session], LIMITS.keptSessions);
      carry(session, carrier);
      return session;
    },
    findResumable: (id) => {
      const session = sessions.get(id);
      return session?.isResumable === true && isAlive(session) ? session : undefined;
    },
    carry,
    leave: (carrier, { isResumable = true } = {}) => {
      const session = sessions.get(carrier.session ?? "");
      if (session?.carrier !== carrier) return;
      session.carrier = undefined;
      session.leftAt = now();
      session.isResumable &&= isResumable;
    },
    tell,
    publish: (event, { connection, isNumbered = true } = {}) => {
      for (const session of sessions.values()) {
        const isMeant = connection === undefined ? isWanted(session.intents, event.t) : session.carrier?.id === connection;
        if (!isAlive(session)) sessions.delete(session.id);
        else if (isMeant && !isNumbered) transmit(session, event, undefined);
        else if (isMeant) (connection === undefined ? tellForReplay : tell)(session, event);
      }
    },
    replay: (session, s) => {
      const first = session.kept.findIndex((kept) => kept.s > s);
      const from = first === -1 ? session.kept.length : first;
      for (const kept of session.kept.slice(Math.max(0, from - behaviour().replaysExtra))) transmit(session, kept.event, kept.s);
    },
    spoil: () => {
      for (const session of sessions.values()) session.isResumable = false;
    },
    clear: () => {
      for (const { id, carrier } of sessions.values()) if (carrier === undefined) sessions.delete(id);
    },
  };
}

function carry(session: LiveSession, carrier: LiveConnection): void {
  session.carrier?.close(TAKEN_OVER, "session resumed elsewhere");
  session.carrier = carrier;
  carrier.session = session.id;
  carrier.state = "ready";
}

function tell(session: LiveSession, event: QqEvent): void {
  session.s += 1;
  transmit(session, event, session.s);
}

function tellForReplay(session: LiveSession, event: QqEvent): void {
  session.kept.push({ s: session.s + 1, event });
  if (session.kept.length > LIMITS.keptCount) session.kept.shift();
  tell(session, event);
}

function transmit({ carrier }: LiveSession, event: QqEvent, s: number | undefined): void {
  carrier?.line.send(`dispatch ${event.t}`, renderDispatch(event, s));
}
