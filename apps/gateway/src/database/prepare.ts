import type { DatabaseSync, StatementSync } from "node:sqlite";

/** Prepares each statement once, under its name. */
export function prepareAll<Name extends string>(connection: DatabaseSync, sql: Readonly<Record<Name, string>>): Readonly<Record<Name, StatementSync>> {
  const prepared: Partial<Record<Name, StatementSync>> = {};
  for (const name in sql) prepared[name] = connection.prepare(sql[name]);
  return prepared as Record<Name, StatementSync>;
}
