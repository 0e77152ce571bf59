/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A tagged object in a card, and whether it stands where an element must. */
export interface CardNode {
  readonly tag: string;
  readonly node: JsonObject;
  readonly isElement: boolean;
}

/** Keys whose values are the app's own data, not parts of the card. */
const DATA_KEYS: ReadonlySet<string> = new Set(["value", "chart_spec", "rows", "default_value"]);
/** Keys whose values are lists of elements. */
const ELEMENT_KEYS: ReadonlySet<string> = new Set(["elements"]);
/** Tags of what carries words. */
const TEXT_TAGS: ReadonlySet<string> = new Set(["markdown", "plain_text", "lark_md"]);

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every tagged object, in the order of the card. An element without a tag counts as one with the tag `""`. */
export function* nodesOf(value: unknown, key = ""): Generator<CardNode> {
  if (Array.isArray(value)) {
    for (const item of value) yield* nodesOf(item, key);
    return;
  }
  if (!isObject(value)) return;
  const isElement = ELEMENT_KEYS.has(key);
  const { tag } = value;
  if (typeof tag === "string" || isElement) yield { tag: typeof tag === "string" ? tag : "", node: value, isElement };
  for (const [name, child] of Object.entries(value)) if (!DATA_KEYS.has(name)) yield* nodesOf(child, name);
}

/** The words of a card as people read them: header, then elements, one per line. */
export function cardText(card: JsonObject): string {
  const { header, ...rest } = card;
  return [...nodesOf(header), ...nodesOf(rest)]
    .flatMap(({ tag, node }) => (TEXT_TAGS.has(tag) && typeof node["content"] === "string" ? [node["content"]] : []))
    .filter((text) => text !== "")
    .join("\n");
}

/** Gives the tagged object of this `element_id`. */
export function findElement(card: JsonObject, elementId: string): CardNode | undefined {
  for (const found of nodesOf(card["body"])) if (found.node["element_id"] === elementId) return found;
  return undefined;
}

/** A copy of `value` with one of the objects in it replaced. */
export function withReplaced(value: unknown, old: JsonObject, replacement: JsonObject): unknown {
  if (value === old) return replacement;
  if (Array.isArray(value)) return value.map((item) => withReplaced(item, old, replacement));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, withReplaced(child, old, replacement)]));
}
