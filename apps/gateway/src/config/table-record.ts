import type { FieldDefinition } from "@revka/core";
import type { Override } from "./overrides.ts";
import type { Table } from "./table.ts";

/** A table as it came about, for whoever tells the operator what holds. It holds secrets. */
export interface TableRecord {
  /** Dotted, from the top of the file; `""` for its top. */
  readonly path: string;
  readonly fields: readonly FieldDefinition[];
  /** As it stands in the file. */
  readonly raw: Table;
  /** References replaced, secrets decrypted, overrides in place. */
  readonly table: Table;
  readonly overrides: readonly Override[];
}
