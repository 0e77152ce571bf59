import type { Channel, Clock, Logger } from "@revka/core";
import { within } from "./within.ts";

/**
 * The channels of a gateway, some of which may be replaced while it runs.
 *
 * What it hands out stands in for whichever channel has that name at the time: a message that waits, or an answer that is
 * tried again, goes on with the successor.
 */
export interface Roster {
  /** As they are now. */
  readonly channels: readonly Channel[];
  find(name: string): Channel | undefined;
  /**
   * Has all of them listen until the signal aborts; those that are posted to listen until `lastCall` does, so that they can say no
   * in the meantime. Resolves when the last has ended. Rejects when one cannot be kept listening.
   */
  listen(signal: AbortSignal, lastCall: AbortSignal): Promise<void>;
  /** Those of these names stop listening; then the others take their places, or new ones. One call at a time. */
  replace(leaving: readonly string[], successors: readonly Channel[]): Promise<void>;
}

/** What a roster does with its channels. */
export interface RosterOptions {
  /** Keeps a channel listening until the signal aborts. `standIn` is what others may hold of it. */
  readonly keep: (channel: Channel, standIn: Channel, signal: AbortSignal) => Promise<void>;
  /** Called before a channel whose name was never here begins to listen. */
  readonly onNewcomer: (standIn: Channel) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long a channel may take to stop listening before its successor begins. */
const LEAVE_MS = 5_000;

interface Seat {
  current: Channel;
  readonly standIn: Channel;
  isTaken: boolean;
  listening?: { readonly end: AbortController; readonly ended: Promise<void> };
}

/** A roster of these channels; none listens yet. */
export function createRoster(first: readonly Channel[], { keep, onNewcomer, clock, logger }: RosterOptions): Roster {
  // A seat stays when its channel goes: what was accepted there is still answered.
  const seats = new Map(first.map((channel) => [channel.name, createSeat(channel)]));
  const crashed = Promise.withResolvers<never>();
  let until: { readonly signal: AbortSignal; readonly lastCall: AbortSignal } | undefined;
  const taken = (): Seat[] => [...seats.values()].filter(({ isTaken }) => isTaken);

  function begin(seat: Seat, { signal, lastCall }: NonNullable<typeof until>): void {
    const end = new AbortController();
    const own = seat.current.capabilities.receive === "webhook" ? lastCall : signal;
    const ended = keep(seat.current, seat.standIn, AbortSignal.any([own, end.signal]));
    ended.catch(crashed.reject);
    seat.listening = { end, ended };
  }

  async function leave(leaving: readonly Seat[]): Promise<void> {
    for (const { listening } of leaving) listening?.end.abort();
    const hasEnded = await within(LEAVE_MS, Promise.all(endsOf(leaving)), clock);
    if (!hasEnded) logger.warn({ component: "gateway", channels: leaving.map(({ current }) => current.name) }, "A channel does not stop listening; what follows it begins all the same");
    for (const seat of leaving) seat.isTaken = false;
  }

  function sit(channel: Channel): Seat {
    const known = seats.get(channel.name);
    if (known !== undefined) return Object.assign(known, { current: channel, isTaken: true });
    const seat = createSeat(channel);
    seats.set(channel.name, seat);
    onNewcomer(seat.standIn);
    return seat;
  }

  return {
    get channels() {
      return taken().map(({ standIn }) => standIn);
    },
    find(name) {
      const seat = seats.get(name);
      return seat?.isTaken === true ? seat.standIn : undefined;
    },
    async listen(signal, lastCall) {
      until = { signal, lastCall };
      for (const seat of taken()) begin(seat, until);
      await Promise.race([aborted(signal), crashed.promise]);
      await Promise.all(endsOf([...seats.values()]));
    },
    async replace(leaving, successors) {
      await leave(taken().filter(({ current }) => leaving.includes(current.name)));
      const arrived = successors.map(sit);
      if (until === undefined || until.signal.aborted) return;
      for (const seat of arrived) begin(seat, until);
    },
  };
}

function endsOf(seats: readonly Seat[]): Promise<void>[] {
  return seats.flatMap(({ listening }) => (listening === undefined ? [] : [listening.ended]));
}

function createSeat(channel: Channel): Seat {
  const seat = { current: channel, isTaken: true };
  // Its own target would bind the stand-in to the first channel's properties.
  const standIn = new Proxy({} as Channel, {
    get: (_target, key): unknown => Reflect.get(seat.current, key),
    has: (_target, key) => Reflect.has(seat.current, key),
  });
  return Object.assign(seat, { standIn });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
