import { randomBytes } from "node:crypto";
import { setBounded } from "../../record/bounded-map.ts";
import type { DingtalkBehaviour } from "./behaviour.ts";
import { LIMITS } from "./limits.ts";

/** Where people and the robot talk: a group, or in private with one user. */
export interface DingtalkPlace {
  /** The user's staff id; empty in a group. */
  readonly user: string;
  /** The group's conversation id. */
  readonly group?: string;
}

/** A conversation's session webhook. */
export interface Session {
  readonly token: string;
  readonly place: DingtalkPlace;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** The session webhooks that were given out. */
export interface Sessions {
  /** Gives the webhook of a place and lets it live longer. */
  open(place: DingtalkPlace): Session;
  /** `undefined` when it is unknown or has expired. */
  find(token: string): Session | undefined;
  /** Ends those of one place, or all. */
  expire(place?: DingtalkPlace): void;
}

/** Whether two places are the same. */
export function isSamePlace(one: DingtalkPlace, other: DingtalkPlace): boolean {
  return one.group === other.group && (one.group !== undefined || one.user === other.user);
}

/** Creates an empty {@link Sessions}. */
export function createSessions(now: () => number, behaviour: () => DingtalkBehaviour): Sessions {
  const sessions = new Map<string, Session>();
  const latest = new Map<string, string>();
  return {
    open: (place) => {
      const key = place.group === undefined ? `user ${place.user}` : `group ${place.group}`;
      const kept = behaviour().rotatesWebhooks ? undefined : sessions.get(latest.get(key) ?? "");
      const session = { token: kept?.token ?? randomBytes(16).toString("hex"), place, expiresAt: now() + behaviour().webhookLifeMs };
      setBounded(sessions, [session.token, session], LIMITS.keptCount);
      setBounded(latest, [key, session.token], LIMITS.keptCount);
      return session;
    },
    find: (token) => {
      const session = sessions.get(token);
      return session !== undefined && now() < session.expiresAt ? session : undefined;
    },
    expire: (place) => {
      for (const [token, session] of sessions) if (place === undefined || isSamePlace(place, session.place)) sessions.delete(token);
    },
  };
}
