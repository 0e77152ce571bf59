import { CARD_ELEMENTS, CARD_PARTS, CARD_PROPERTIES } from "./card-elements.ts";
import { countTables, imagesOf } from "./card-markdown.ts";
import { type CardNode, isObject, type JsonObject, nodesOf } from "./card-nodes.ts";
import { LIMITS } from "./limits.ts";

/** What a card is checked against. */
export interface CardRules {
  /** Tables in one card. */
  readonly tableCount: number;
  /** Whether the app uploaded an image of this key. */
  readonly hasImage: (key: string) => boolean;
}

/** What is wrong with a card. */
export interface CardProblem {
  /** The code of the card API. */
  readonly code: number;
  /** The code inside a 230099 of the message API. */
  readonly errCode: number;
  readonly errMsg: string;
  readonly errorValue: string;
}

const ELEMENT_ID = new RegExp(`^[A-Za-z]\\w{0,${LIMITS.elementIdChars - 1}}$`);

/** Checks a card of schema 2.0 as strictly as the platform does; gives the first thing that is wrong. */
export function checkCard(card: JsonObject, rules: CardRules): CardProblem | undefined {
  if (Object.keys(card).length === 0) return problem("the card is empty", "card", 300307);
  if (card["schema"] !== "2.0") return problem("schema must be 2.0", "schema", 300303);
  const nodes = [...nodesOf(card["header"]), ...nodesOf(card["body"])];
  return (
    checkShape(card) ??
    firstProblem(nodes, checkNode) ??
    checkIds(nodes) ??
    checkCounts(nodes, rules) ??
    firstProblem(nodes, ({ node, tag }) => checkImages(node, tag, rules))
  );
}

function checkShape({ config = {}, header = {}, body, ...rest }: JsonObject): CardProblem | undefined {
  if (!isObject(body) || !Array.isArray(body["elements"])) return problem("body.elements is missing", "body");
  if (!isObject(config)) return problem("config is not an object", "config");
  if (!isObject(header)) return problem("header is not an object", "header");
  if (config["update_multi"] === false) return problem("update_multi must be true", "update_multi", 300302);
  return checkProperties("card", rest) ?? checkProperties("config", config) ?? checkProperties("header", header) ?? checkProperties("body", body);
}

function checkProperties(part: string, value: JsonObject): CardProblem | undefined {
  return firstUnknown(value, CARD_PROPERTIES.get(part), part);
}

function checkNode({ tag, node, isElement }: CardNode): CardProblem | undefined {
  const properties = CARD_ELEMENTS.get(tag) ?? (isElement ? undefined : CARD_PARTS.get(tag));
  if (properties === undefined) return problem(`not support tag: ${tag}`, tag);
  const isText = tag === "markdown" || CARD_PARTS.get(tag)?.has("content") === true;
  if (isText && typeof node["content"] !== "string") return problem(`${tag} needs content`, tag);
  return firstUnknown(node, properties, tag);
}

function firstUnknown(value: JsonObject, known: ReadonlySet<string> | undefined, where: string): CardProblem | undefined {
  const unknown = Object.keys(value).find((name) => known?.has(name) !== true);
  return unknown === undefined ? undefined : problem(`unknown property, property: ${unknown}, path: ${where}`, unknown);
}

function checkIds(nodes: readonly CardNode[]): CardProblem | undefined {
  const seen = new Set<unknown>();
  return firstProblem(nodes, ({ node: { element_id: id } }) => {
    if (id === undefined) return undefined;
    if (typeof id !== "string" || !ELEMENT_ID.test(id)) return problem("invalid element_id", JSON.stringify(id));
    if (seen.has(id)) return problem("duplicate element_id", id, 300301);
    seen.add(id);
    return undefined;
  });
}

function checkCounts(nodes: readonly CardNode[], { tableCount }: CardRules): CardProblem | undefined {
  if (nodes.length > LIMITS.cardElementCount) return problem("element exceeds the limit", "element", 300305);
  const tables = nodes.reduce((sum, { tag, node }) => sum + (tag === "table" ? 1 : countTables(markdownOf(node, tag))), 0);
  return tables > tableCount ? problem("card table number over limit", "table") : undefined;
}

function checkImages(node: JsonObject, tag: string, { hasImage }: CardRules): CardProblem | undefined {
  const keys = [...imagesOf(markdownOf(node, tag)), ...imageKeysOf(node)];
  const bad = keys.find((key) => !hasImage(key));
  return bad === undefined ? undefined : problem("invalid image keys", bad);
}

function imageKeysOf({ img_key: own, img_list: list }: JsonObject): readonly string[] {
  const listed = Array.isArray(list) ? list.map((item: unknown) => (isObject(item) ? item["img_key"] : undefined)) : [];
  return [own, ...listed].filter((key) => typeof key === "string");
}

function markdownOf({ content }: JsonObject, tag: string): string {
  return (tag === "markdown" || tag === "lark_md") && typeof content === "string" ? content : "";
}

function firstProblem(nodes: readonly CardNode[], check: (node: CardNode) => CardProblem | undefined): CardProblem | undefined {
  for (const node of nodes) {
    const found = check(node);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** 11310 is the code that the field has seen inside a 230099. */
function problem(errMsg: string, errorValue: string, code = 200220): CardProblem {
  return { code, errCode: code === 200220 ? 11310 : code, errMsg, errorValue };
}
