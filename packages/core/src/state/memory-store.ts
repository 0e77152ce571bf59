import { systemClock, type Clock } from "../contract/clock.ts";
import type { Json } from "../contract/json.ts";
import type { Store, StoreOptions } from "./store.ts";

const MAX_KEY_CHARS = 512;
const MAX_VALUE_BYTES = 1024 * 1024;

/** How a memory store is bounded. */
export interface MemoryStoreOptions {
  /**
   * The entry written longest ago goes when there would be more.
   * @default 10_000
   */
  readonly maxEntries?: number;
  /** @default systemClock */
  readonly clock?: Clock;
}

interface Entry {
  /** Kept as text, so that nobody changes a stored value by keeping a reference to it. */
  readonly json: string;
  readonly expiresAt: number;
}

/**
 * A store that lasts as long as the process. Its methods reject with a RangeError for a key or value beyond the
 * contract's size, as a durable store would.
 *
 * @throws RangeError when `maxEntries` is below 1.
 */
export function createMemoryStore({ maxEntries = 10_000, clock = systemClock }: MemoryStoreOptions = {}): Store {
  if (!(maxEntries >= 1)) throw new RangeError("maxEntries must be at least 1");
  // A Map keeps the order of insertion: its first entry is the one written longest ago.
  const entries = new Map<string, Entry>();

  function read(key: string): Json | undefined {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAt > clock.now()) return JSON.parse(entry.json) as Json;
    entries.delete(key);
    return undefined;
  }
  function write(key: string, value: Json, { ttlMs = Infinity }: StoreOptions = {}): void {
    const json = JSON.stringify(value);
    if (key.length > MAX_KEY_CHARS) throw new RangeError(`a store key has at most ${MAX_KEY_CHARS} characters`);
    if (Buffer.byteLength(json) > MAX_VALUE_BYTES) throw new RangeError(`a stored value has at most ${MAX_VALUE_BYTES} bytes of JSON`);
    entries.delete(key);
    const [oldest] = entries.keys();
    if (oldest !== undefined && entries.size >= maxEntries) entries.delete(oldest);
    entries.set(key, { json, expiresAt: clock.now() + ttlMs });
  }
  function writeIfAbsent(key: string, value: Json, options?: StoreOptions): boolean {
    if (read(key) !== undefined) return false;
    write(key, value, options);
    return true;
  }

  return {
    get: (key) => settled(() => read(key)),
    set: (key, value, options) => settled(() => write(key, value, options)),
    setIfAbsent: (key, value, options) => settled(() => writeIfAbsent(key, value, options)),
    delete: (key) => settled(() => void entries.delete(key)),
  };
}

/** Runs `work` at once; what it throws becomes a rejection. */
function settled<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}
