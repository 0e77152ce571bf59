/** A bounded list, oldest out first, whose future entries can be awaited. */
export interface Log<T> {
  /** What is kept now, oldest first: a copy. */
  readonly entries: readonly T[];
  /** Adds what `create` makes of the entry's number; numbers start at 1 and are never used twice. */
  append(create: (seq: number) => T): T;
  /** Offers an entry again that has changed since it was added. */
  changed(entry: T): void;
  /** Gives the first matching entry, kept or still to come. Rejects with the reason of `signal`. */
  next(matches: (entry: T) => boolean, signal?: AbortSignal): Promise<T>;
  /** Like `next`, but never gives the same entry to two calls. */
  take(matches: (entry: T) => boolean, signal?: AbortSignal): Promise<T>;
  /** Forgets every entry. Whoever waits goes on waiting. */
  clear(): void;
}

interface Wish<T> {
  /** Whether nobody else may get the same entry. */
  readonly takes: boolean;
  matches(entry: T): boolean;
}

interface Waiter<T> extends Wish<T> {
  resolve(entry: T): void;
}

/**
 * Creates an empty {@link Log}.
 *
 * @param capacity - how many entries are kept.
 * @param closing - ends every wait when it aborts.
 */
export function createLog<T extends object>(capacity: number, closing: AbortSignal): Log<T> {
  const entries: T[] = [];
  const untaken = new Set<T>();
  const waiters = new Set<Waiter<T>>();
  let lastSeq = 0;

  function offer(entry: T): void {
    for (const waiter of waiters) {
      if (waiter.takes && !untaken.has(entry)) continue;
      if (!waiter.matches(entry)) continue;
      if (waiter.takes) untaken.delete(entry);
      waiter.resolve(entry);
    }
  }

  function find(wish: Wish<T>, signal?: AbortSignal): Promise<T> {
    const known = firstMatch(wish.takes ? untaken : entries, wish);
    if (known === undefined) return wait(waiters, wish, signal === undefined ? closing : AbortSignal.any([signal, closing]));
    if (wish.takes) untaken.delete(known);
    return Promise.resolve(known);
  }

  return {
    get entries() {
      return [...entries];
    },
    append: (create) => {
      const entry = create(++lastSeq);
      entries.push(entry);
      untaken.add(entry);
      if (entries.length > capacity) {
        const oldest = entries.shift();
        if (oldest !== undefined) untaken.delete(oldest);
      }
      offer(entry);
      return entry;
    },
    changed: offer,
    next: (matches, signal) => find({ takes: false, matches }, signal),
    take: (matches, signal) => find({ takes: true, matches }, signal),
    clear: () => {
      entries.length = 0;
      untaken.clear();
    },
  };
}

function firstMatch<T>(entries: Iterable<T>, wish: Wish<T>): T | undefined {
  for (const entry of entries) if (wish.matches(entry)) return entry;
  return undefined;
}

function wait<T>(waiters: Set<Waiter<T>>, wish: Wish<T>, stop: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    stop.throwIfAborted();
    const leave = (): void => {
      waiters.delete(waiter);
      stop.removeEventListener("abort", onAbort);
    };
    const onAbort = (): void => {
      leave();
      reject(stop.reason as Error);
    };
    const waiter: Waiter<T> = {
      ...wish,
      resolve: (entry) => {
        leave();
        resolve(entry);
      },
    };
    waiters.add(waiter);
    stop.addEventListener("abort", onAbort, { once: true });
  });
}
