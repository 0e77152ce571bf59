import type { FieldDefinition, SectionDefinition } from "@revka/core";
import type { TableRecord } from "../config/table-record.ts";

/** A JSON Schema, 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Here keys of the original that we do not have are no mistake. */
const OPEN_TABLES = ["channels_config", "agent"];

const REFERENCE = { $ref: "#/$defs/reference" };

/**
 * The schema of the whole file, for editors and scripts.
 *
 * It is made of the same declarations that the loader reads by, so it says their types, and is stricter in one thing: a key
 * that a table does not have is refused, where the loader only warns.
 * @param tables - the declared tables, that of the top of the file among them.
 * @param sections - the channels that are installed.
 */
export function createConfigSchema(tables: readonly Pick<TableRecord, "path" | "fields">[], sections: readonly SectionDefinition[]): JsonSchema {
  const own = tables.filter(({ path }) => path !== "" && !path.includes("."));
  const schemas = new Map(own.map(({ path, fields }) => [path, tableSchema(fields, !OPEN_TABLES.includes(path))]));
  const root = tables.find(({ path }) => path === "")?.fields ?? [];
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Configuration of Revka channels",
    type: "object",
    properties: { ...Object.fromEntries(schemas), ...propertiesOf(root), channels_config: withChannels(schemas.get("channels_config"), sections) },
    $defs: {
      reference: { type: "string", pattern: "^\\s*\\$\\{[^}]+\\}\\s*$", description: "A value from elsewhere: ${NAME} of the environment, or ${file:PATH}." },
    },
  };
}

function withChannels(dispatch: JsonSchema = {}, sections: readonly SectionDefinition[]): JsonSchema {
  const channels = sections.map(({ name, displayName, description, fields }) => [name, { title: displayName, description, ...tableSchema(fields, true) }] as const);
  return { type: "object", ...dispatch, properties: { ...Object.fromEntries(channels), ...propertiesIn(dispatch) } };
}

function propertiesIn({ properties }: JsonSchema): object {
  return typeof properties === "object" && properties !== null ? properties : {};
}

function tableSchema(fields: readonly FieldDefinition[], isClosed: boolean): JsonSchema {
  const required = fields.filter(({ isRequired }) => isRequired === true).map(({ key }) => key);
  return { type: "object", properties: propertiesOf(fields), ...(required.length > 0 && { required }), ...(isClosed && { additionalProperties: false }) };
}

function propertiesOf(fields: readonly FieldDefinition[]): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(fields.map((field) => [field.key, fieldSchema(field)]));
}

function fieldSchema(field: FieldDefinition): JsonSchema {
  const { description, default: absent, example, isSecret } = field;
  return {
    description,
    ...typeSchema(field),
    ...(absent !== undefined && { default: absent }),
    ...(example !== undefined && { examples: [exampleOf(field, example)] }),
    ...(isSecret === true && { writeOnly: true }),
  };
}

function typeSchema({ type, choices = [], fields = [], isRequired }: FieldDefinition): JsonSchema {
  switch (type) {
    case "string":
    case "url":
      return isRequired === true ? { type: "string", minLength: 1 } : { type: "string" };
    case "boolean":
    case "integer":
    case "number":
      return { anyOf: [{ type }, REFERENCE] };
    case "string-list":
      return { anyOf: [{ type: "array", items: { type: ["string", "integer"] } }, REFERENCE] };
    case "choice":
      return { anyOf: [{ enum: [...choices] }, { const: "" }, REFERENCE] };
    case "table":
      return tableSchema(fields, fields.length > 0);
  }
}

/** An example stands in the declaration as text, also that of a list. */
function exampleOf({ type }: FieldDefinition, example: string): unknown {
  if (type === "string" || type === "url" || type === "choice") return example;
  try {
    return JSON.parse(example);
  } catch {
    return example;
  }
}
