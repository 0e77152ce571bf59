import type { Json } from "../contract/json.ts";

/** How long a stored value lives. */
export interface StoreOptions {
  /** Forgotten after this; absent: kept until deleted or evicted. */
  readonly ttlMs?: number;
  /** A credential: a store that outlives the process encrypts it. */
  readonly isSecret?: boolean;
}

/**
 * A small key-value store for what must survive a restart: cursors, sessions, reply routes, upload caches.
 *
 * Keys are up to 512 characters, values JSON of up to 1 MiB. An expired value is as good as absent.
 * A write that cannot be kept rejects with a TransientError.
 */
export interface Store {
  get(key: string): Promise<Json | undefined>;
  set(key: string, value: Json, options?: StoreOptions): Promise<void>;
  /** Stores the value only where no live one is; true when it did. Atomic. */
  setIfAbsent(key: string, value: Json, options?: StoreOptions): Promise<boolean>;
  delete(key: string): Promise<void>;
}

/** The part of `store` under `prefix`: what one owner writes, no other sees. */
export function scopeStore(store: Store, prefix: string): Store {
  const full = (key: string): string => `${prefix}:${key}`;
  return {
    get: (key) => store.get(full(key)),
    set: (key, value, options) => store.set(full(key), value, options),
    setIfAbsent: (key, value, options) => store.setIfAbsent(full(key), value, options),
    delete: (key) => store.delete(full(key)),
  };
}
