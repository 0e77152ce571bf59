import { isTable, tableOr } from "../config/table.ts";

/** What of `value` a JSON Schema refuses, as paths with reasons. Knows the keywords that our schema uses, and throws at others. */
export function refusals(schema: unknown, value: unknown, { root, path }: Place = { root: schema, path: "$" }): string[] {
  return Object.entries(tableOr(schema)).flatMap(([keyword, wanted]) => {
    const check = KEYWORDS[keyword];
    if (check === undefined) throw new RangeError(`The checker does not know ${keyword}`);
    return check({ wanted, value, root, path, schema: tableOr(schema) });
  });
}

interface Place {
  /** The whole schema, which references lead into. */
  readonly root: unknown;
  readonly path: string;
}

interface Check extends Place {
  readonly wanted: unknown;
  readonly value: unknown;
  readonly schema: Readonly<Record<string, unknown>>;
}

const nothing = (): string[] => [];
const unless = (isRight: boolean, { path }: Check, reason: string): string[] => (isRight ? [] : [`${path}: ${reason}`]);

const KEYWORDS: Readonly<Record<string, (check: Check) => string[]>> = {
  ...{ $schema: nothing, $defs: nothing, title: nothing, description: nothing, default: nothing, examples: nothing, writeOnly: nothing },
  type: (check) => unless([check.wanted].flat().some((type) => isOfType(check.value, type)), check, `is not of type ${String(check.wanted)}`),
  enum: (check) => unless(Array.isArray(check.wanted) && check.wanted.includes(check.value), check, "is none of the words"),
  const: (check) => unless(check.value === check.wanted, check, "is not the word"),
  pattern: (check) => unless(typeof check.value !== "string" || new RegExp(String(check.wanted), "u").test(check.value), check, "does not match"),
  minLength: (check) => unless(typeof check.value !== "string" || check.value.length >= Number(check.wanted), check, "is too short"),
  required: (check) => (check.wanted as string[]).flatMap((key) => unless(!isTable(check.value) || key in check.value, check, `lacks ${key}`)),
  properties: ({ wanted, value, root, path }) => Object.entries(tableOr(wanted)).flatMap(([key, schema]) => (isTable(value) && key in value ? refusals(schema, value[key], { root, path: `${path}.${key}` }) : [])),
  additionalProperties: (check) => Object.keys(tableOr(check.value)).flatMap((key) => unless(key in tableOr(check.schema["properties"]), check, `does not know ${key}`)),
  items: ({ wanted, value, root, path }) => (Array.isArray(value) ? value.flatMap((item, index) => refusals(wanted, item, { root, path: `${path}[${index}]` })) : []),
  anyOf: (check) => unless((check.wanted as unknown[]).some((schema) => refusals(schema, check.value, check).length === 0), check, "fits none of the choices"),
  $ref: ({ wanted, value, root, path }) => refusals(String(wanted).slice(2).split("/").reduce<unknown>((at, key) => tableOr(at)[key], root), value, { root, path }),
};

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case "object":
      return isTable(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
