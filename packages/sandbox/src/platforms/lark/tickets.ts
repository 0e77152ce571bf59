import { randomBytes } from "node:crypto";
import { setBounded } from "../../record/bounded-map.ts";
import type { LarkBehaviour } from "./behaviour.ts";
import { LIMITS } from "./limits.ts";

/** What the URL of a connection says. */
export interface LarkTicket {
  readonly ticket: string;
  readonly deviceId: string;
  readonly serviceId: number;
}

/** The URLs that were given out. */
export interface Tickets {
  issue(): LarkTicket;
  /** Uses a URL's ticket; `undefined` when it is unknown, used up or too old. */
  redeem(ticket: string): LarkTicket | undefined;
  /** Makes all of them bad. */
  clear(): void;
}

/** The service that every connection belongs to. */
export const SERVICE_ID = 33_554_678;
const FIRST_DEVICE_ID = 7_000_000_000_000_000_001n;

/** Creates an empty {@link Tickets}. */
export function createTickets(now: () => number, behaviour: () => LarkBehaviour): Tickets {
  const tickets = new Map<string, { readonly issued: LarkTicket; readonly issuedAt: number; uses: number }>();
  let nextDeviceId = FIRST_DEVICE_ID;
  return {
    issue: () => {
      const issued = { ticket: randomBytes(16).toString("hex"), deviceId: String(nextDeviceId++), serviceId: SERVICE_ID };
      setBounded(tickets, [issued.ticket, { issued, issuedAt: now(), uses: 0 }], LIMITS.keptCount);
      return issued;
    },
    redeem: (ticket) => {
      const kept = tickets.get(ticket);
      const { ticketLifeMs, ticketUses } = behaviour();
      if (kept === undefined || now() - kept.issuedAt >= ticketLifeMs || kept.uses >= ticketUses) return undefined;
      kept.uses += 1;
      return kept.issued;
    },
    clear: () => tickets.clear(),
  };
}
