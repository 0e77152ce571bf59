import type { SQLOutputValue } from "node:sqlite";
import type { Clock, Json, Store, StoreOptions } from "@revka/core";
import type { Database } from "../database/open.ts";
import { isSealed, type Sealing } from "./sealing.ts";

/** The stores of all channel instances in one database. */
export interface SqliteStores {
  /** What `instance` writes, no other sees. */
  of(instance: string): Store;
  /** Drops what has expired, and of each instance the oldest written entries over the bound. */
  sweep(): Promise<void>;
}

const LIMITS = {
  keyChars: 512,
  valueChars: 1024 * 1024,
  /** Entries of one instance. Each owner bounds itself well below; this only stops one that fails to. */
  entries: 50_000,
} as const;

const SQL = {
  get: "SELECT value FROM store WHERE instance = ? AND key = ? AND (expires_at IS NULL OR expires_at > ?)",
  // REPLACE gives the row a new number, so `written` is the order of writing.
  set: "INSERT OR REPLACE INTO store (instance, key, value, expires_at) VALUES (?, ?, ?, ?)",
  delete: "DELETE FROM store WHERE instance = ? AND key = ?",
  expire: "DELETE FROM store WHERE expires_at <= ?",
  evict: `DELETE FROM store WHERE instance = ?1 AND written <= (
    SELECT written FROM store WHERE instance = ?1 ORDER BY written DESC LIMIT 1 OFFSET ?2)`,
} as const;

/** What was sealed with a key that is not there any more is as good as absent. */
function parseValue(row: Record<string, SQLOutputValue> | undefined, sealing: Sealing | undefined): Json | undefined {
  const value = row?.["value"];
  const text = typeof value === "string" && isSealed(value) ? sealing?.open(value) : value;
  return typeof text === "string" ? (JSON.parse(text) as Json) : undefined;
}

function checkKey(key: string): void {
  if (key.length === 0 || key.length > LIMITS.keyChars) throw new RangeError(`A store key has 1 to ${LIMITS.keyChars} characters, not ${key.length}`);
}

function encodeValue(value: Json): string {
  const text = JSON.stringify(value);
  if (text.length > LIMITS.valueChars) throw new RangeError(`A stored value takes at most ${LIMITS.valueChars} characters of JSON, not ${text.length}`);
  return text;
}

/** How stores are made. */
export interface SqliteStoresOptions {
  /** @default 50_000 */
  readonly maxEntries?: number;
  /** Encrypts what is secret. Without it secrets are neither kept nor read. */
  readonly sealing?: Sealing;
}

/** Durable key-value stores on `database`; a write resolves once it is committed. */
export function createSqliteStores(database: Database, clock: Clock, { maxEntries = LIMITS.entries, sealing }: SqliteStoresOptions = {}): SqliteStores {
  const { connection, commit } = database;
  const get = connection.prepare(SQL.get);
  const set = connection.prepare(SQL.set);
  const remove = connection.prepare(SQL.delete);
  const expire = connection.prepare(SQL.expire);
  const evict = connection.prepare(SQL.evict);
  const instances = new Set<string>();

  function storeOf(instance: string): Store {
    instances.add(instance);
    const find = (key: string): Json | undefined => parseValue(get.get(instance, key, clock.now()), sealing);
    const textOf = (value: Json, { isSecret = false }: StoreOptions): string => {
      const text = encodeValue(value);
      if (!isSecret) return text;
      if (sealing === undefined) throw new TypeError("This store has no key, so it keeps no secrets");
      return sealing.seal(text);
    };
    const expiryOf = (options: StoreOptions): number | null => (options.ttlMs === undefined ? null : clock.now() + options.ttlMs);
    return {
      get: (key) => new Promise((resolve) => resolve(find(key))),
      async set(key, value, options = {}) {
        checkKey(key);
        const text = textOf(value, options);
        await commit.write(() => set.run(instance, key, text, expiryOf(options)));
      },
      async setIfAbsent(key, value, options = {}) {
        checkKey(key);
        const text = textOf(value, options);
        return commit.write(() => {
          if (find(key) !== undefined) return false;
          set.run(instance, key, text, expiryOf(options));
          return true;
        });
      },
      async delete(key) {
        await commit.write(() => remove.run(instance, key));
      },
    };
  }

  return {
    of: storeOf,
    sweep: () =>
      commit.write(() => {
        expire.run(clock.now());
        for (const instance of instances) evict.run(instance, maxEntries);
      }),
  };
}
