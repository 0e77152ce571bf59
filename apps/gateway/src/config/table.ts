/** A table of the file. */
export type Table = Readonly<Record<string, unknown>>;

/** Whether a value of the file is a table: dates and lists are not. */
export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** `value` where it is a table, else an empty one. */
export function tableOr(value: unknown): Table {
  return isTable(value) ? value : {};
}

/** The table without some keys. */
export function omitKeys(table: Table, keys: readonly string[]): Table {
  return Object.fromEntries(Object.entries(table).filter(([key]) => !keys.includes(key)));
}

/** Makes plain objects and lists unchangeable at every depth; class instances stay as they are. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return value;
  for (const item of Object.values(value)) deepFreeze(item);
  return Object.freeze(value);
}
