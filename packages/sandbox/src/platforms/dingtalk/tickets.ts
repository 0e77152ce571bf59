import { randomUUID } from "node:crypto";
import { setBounded } from "../../record/bounded-map.ts";
import type { DingtalkBehaviour } from "./behaviour.ts";
import { LIMITS } from "./limits.ts";

/** What a client wants to be told. */
export interface DingtalkSubscription {
  readonly type: string;
  readonly topic: string;
}

/** What a client said when it registered a connection. */
export interface DingtalkRegistration {
  readonly subscriptions: readonly DingtalkSubscription[];
  /** Empty when it did not say. */
  readonly ua: string;
  readonly localIp: string;
}

/** The tickets that were given out. */
export interface Tickets {
  issue(registration: DingtalkRegistration): string;
  /** Uses a ticket; `undefined` when it is unknown, used up or too old. */
  redeem(ticket: string): DingtalkRegistration | undefined;
  /** Makes all of them bad. */
  clear(): void;
}

/** Creates an empty {@link Tickets}. */
export function createTickets(now: () => number, behaviour: () => DingtalkBehaviour): Tickets {
  const tickets = new Map<string, { readonly registration: DingtalkRegistration; readonly createdAt: number; uses: number }>();
  return {
    issue: (registration) => {
      const ticket = randomUUID();
      setBounded(tickets, [ticket, { registration, createdAt: now(), uses: 0 }], LIMITS.keptCount);
      return ticket;
    },
    redeem: (ticket) => {
      const entry = tickets.get(ticket);
      const { ticketLifeMs, ticketUses } = behaviour();
      if (entry === undefined || now() - entry.createdAt >= ticketLifeMs || entry.uses >= ticketUses) return undefined;
      entry.uses += 1;
      return entry.registration;
    },
    clear: () => tickets.clear(),
  };
}
