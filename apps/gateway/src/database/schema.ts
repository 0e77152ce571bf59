import type { DatabaseSync } from "node:sqlite";
import { ConfigError } from "@revka/core";

/** The steps from an empty file to today's schema; `user_version` counts those that are done. Never edit one that was released. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE inbox (
    seq INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    message_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('accepted', 'running', 'delivering', 'done', 'dead')),
    accepted_at INTEGER NOT NULL,
    settled_at INTEGER,
    attempt INTEGER NOT NULL DEFAULT 0,
    turn_id TEXT,
    message TEXT,
    parts TEXT,
    reason TEXT
  ) STRICT;
  CREATE UNIQUE INDEX inbox_by_message ON inbox (channel, message_id);
  CREATE INDEX inbox_unfinished ON inbox (seq) WHERE settled_at IS NULL;
  CREATE INDEX inbox_settled ON inbox (settled_at) WHERE settled_at IS NOT NULL;

  CREATE TABLE receipts (
    seq INTEGER NOT NULL,
    part INTEGER NOT NULL,
    receipt TEXT NOT NULL,
    PRIMARY KEY (seq, part)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE store (
    written INTEGER PRIMARY KEY,
    instance TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    expires_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX store_by_key ON store (instance, key);
  CREATE INDEX store_expiring ON store (expires_at) WHERE expires_at IS NOT NULL;
  `,
];

function versionOf(connection: DatabaseSync): number {
  return Number(connection.prepare("PRAGMA user_version").get()?.["user_version"]);
}

/**
 * Brings the schema up to date, each step in a transaction of its own.
 * @throws ConfigError when a newer release wrote the file: it must not be guessed at, nor thrown away.
 */
export function migrate(connection: DatabaseSync, file: string): void {
  const version = versionOf(connection);
  if (version > MIGRATIONS.length) {
    throw new ConfigError([
      {
        path: file,
        found: `a state database of a newer revka (schema ${version})`,
        allowed: `schema ${MIGRATIONS.length} or older`,
        hint: "run the newer revka, or move the file away to start with an empty one",
      },
    ]);
  }
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < version) continue;
    connection.exec(`BEGIN IMMEDIATE; ${sql} PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}
