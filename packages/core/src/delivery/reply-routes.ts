import type { Clock } from "../contract/clock.ts";
import type { Json } from "../contract/json.ts";
import { createKeyedQueue } from "./keyed-queue.ts";
import { createNumbers } from "./route-numbers.ts";
import { createPointers } from "./route-pointers.ts";
import { scopeStore, type Store } from "../state/store.ts";

/** A way to answer that the platform opened with a message, e.g. a reply address or a message id. */
export interface ReplyRoute<T extends Json> {
  readonly value: T;
  /** Epoch ms. */
  readonly expiresAt: number;
  /** How many answers it takes; absent: any number. */
  readonly budget?: number;
}

/** A route, taken for one answer. */
export interface UsedRoute<T> {
  readonly value: T;
  /** Which answer of the route this is, from 1. */
  readonly use: number;
  /** How many more it takes; absent where it has no budget. */
  readonly remaining?: number;
}

/** The routes of one channel instance. They survive a restart. */
export interface ReplyRoutes<T extends Json> {
  /** Files one route under several keys, e.g. the chat and the message: they share its budget. One that is expired is not kept. */
  remember(keys: readonly string[], route: ReplyRoute<T>): Promise<void>;
  /** Takes the newest route of `key` for one answer; undefined where there is none, or it is expired or used up. */
  use(key: string): Promise<UsedRoute<T> | undefined>;
  /** Drops the route that `key` leads to, under all its keys: the platform no longer takes it. */
  forget(key: string): Promise<void>;
}

/** Where the routes are kept, and how many. */
export interface ReplyRoutesOptions {
  readonly store: Store;
  readonly clock: Clock;
  /**
   * The oldest route is forgotten when there would be more.
   * @default 10_000
   */
  readonly maxRoutes?: number;
  /** Whoever has a route can answer by it, so it is stored as a secret. */
  readonly isSecret?: boolean;
}

interface StoredRoute<T extends Json> extends ReplyRoute<T> {
  readonly sequence: number;
  readonly keys: readonly string[];
  readonly used: number;
}

/**
 * Opens the routes in `store`.
 *
 * Routes are numbered and stand in a ring of `maxRoutes` slots, so a new one takes the place of the oldest; each key
 * points to the number of its newest route. Expired records go by the store's own time limit.
 *
 * @throws RangeError when `maxRoutes` is below 1.
 */
export function createReplyRoutes<T extends Json>({ store, clock, maxRoutes = 10_000, isSecret = false }: ReplyRoutesOptions): ReplyRoutes<T> {
  if (!(maxRoutes >= 1)) throw new RangeError("maxRoutes must be at least 1");
  const records = scopeStore(store, "routes");
  const takeNumber = createNumbers(records);
  const pointers = createPointers(records);
  // A slot is changed by one at a time; how many wait is up to the callers.
  const lanes = createKeyedQueue({ maxParallel: Infinity, maxWaiting: Infinity });
  const slotOf = (sequence: number): string => `slot:${sequence % maxRoutes}`;
  const ttlMsOf = (route: StoredRoute<T>): number => route.expiresAt - clock.now();

  async function read(slot: string): Promise<StoredRoute<T> | undefined> {
    return (await records.get(slot)) as StoredRoute<T> | undefined;
  }
  async function write(slot: string, route: StoredRoute<T>): Promise<void> {
    await records.set(slot, { ...route }, { ttlMs: ttlMsOf(route), isSecret });
  }
  /** Runs `task` with the route that `key` leads to, while nobody else changes it. */
  async function withRoute<R>(key: string, task: (slot: string, route: StoredRoute<T>) => Promise<R>): Promise<R | undefined> {
    const sequence = await pointers.get(key);
    if (sequence === undefined) return undefined;
    const slot = slotOf(sequence);
    return lanes.run(slot, async () => {
      const route = await read(slot);
      return route?.sequence === sequence ? task(slot, route) : undefined;
    });
  }

  return {
    async remember(keys, { value, expiresAt, budget }) {
      if (expiresAt <= clock.now() || keys.length === 0) return;
      const sequence = await takeNumber();
      const route = { value, expiresAt, ...(budget !== undefined && { budget }), sequence, keys, used: 0 };
      const slot = slotOf(sequence);
      await lanes.run(slot, async () => {
        const oldest = await read(slot);
        const outdated = oldest?.keys.map((key) => pointers.clear(key, oldest.sequence)) ?? [];
        await Promise.all([
          write(slot, route),
          ...keys.map((key) => pointers.set(key, sequence, ttlMsOf(route))),
          ...outdated,
        ]);
      });
    },
    use: (key) =>
      withRoute(key, async (slot, route) => {
        const { value, expiresAt, budget = Infinity } = route;
        const use = route.used + 1;
        if (expiresAt <= clock.now() || use > budget) return undefined;
        await write(slot, { ...route, used: use });
        return { value, use, ...(budget !== Infinity && { remaining: budget - use }) };
      }),
    async forget(key) {
      await withRoute(key, (slot, { keys, sequence }) =>
        Promise.all([records.delete(slot), ...keys.map((each) => pointers.clear(each, sequence))]),
      );
    },
  };
}
