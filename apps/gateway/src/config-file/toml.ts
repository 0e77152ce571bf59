import { parse } from "smol-toml";
import { isTable, type Table } from "../config/table.ts";

/**
 * A TOML text as plain objects, integers that JavaScript cannot hold as `bigint`.
 * @throws TomlError
 */
export function parseToml(text: string): Table {
  const root = plain(parse(text, { integersAsBigInt: "asNeeded" }));
  return isTable(root) ? root : {};
}

/** A value of any TOML parser with the prototype of a literal, so that two can be compared. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  return isTable(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)])) : value;
}
