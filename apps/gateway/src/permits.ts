/** A limited number of permits, given in the order they were asked for. */
export interface Permits {
  readonly taken: number;
  readonly waiting: number;
  /** A permit, if one is free and nobody waits for it. */
  tryTake(): Permit | undefined;
  /** Waits for a permit; rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<Permit>;
  /** A permit beyond the number if need be, for what is there already. */
  force(): Permit;
}

/** The right to be one of so many; given back once, further calls do nothing. */
export interface Permit extends Disposable {
  giveBack(): void;
}

/** As many permits as `count` says at the time. How many callers may wait is bounded by the caller. */
export function createPermits(count: () => number): Permits {
  const queue = new Set<() => void>();
  let taken = 0;

  function give(): Permit {
    taken += 1;
    let isTaken = true;
    const giveBack = (): void => {
      if (!isTaken) return;
      isTaken = false;
      taken -= 1;
      serveNext();
    };
    return { giveBack, [Symbol.dispose]: giveBack };
  }

  function serveNext(): void {
    for (const serve of queue) {
      if (taken >= count()) return;
      queue.delete(serve);
      serve();
    }
  }

  const tryTake = (): Permit | undefined => (taken < count() && queue.size === 0 ? give() : undefined);

  function join(signal: AbortSignal): Promise<Permit> {
    return new Promise((resolve, reject) => {
      const serve = (): void => {
        signal.removeEventListener("abort", leave);
        resolve(give());
      };
      const leave = (): void => {
        queue.delete(serve);
        reject(signal.reason as Error);
      };
      signal.addEventListener("abort", leave, { once: true });
      queue.add(serve);
    });
  }

  return {
    get taken() {
      return taken;
    },
    get waiting() {
      return queue.size;
    },
    tryTake,
    async take(signal) {
      signal.throwIfAborted();
      return tryTake() ?? join(signal);
    },
    force: give,
  };
}
