import type { FieldDefinition } from "@revka/core";

/** The keys at the top of the file that have no settings of their own. */
export const ROOT_FIELDS: readonly FieldDefinition[] = [
  { key: "plugins", type: "string-list", description: "Packages that bring further channels.", default: [] },
  {
    key: "secrets",
    type: "table",
    description: "How secrets stand in this file.",
    fields: [{ key: "encrypt", type: "boolean", description: "Whether revka encrypts the secrets that it writes.", default: true }],
  },
];
