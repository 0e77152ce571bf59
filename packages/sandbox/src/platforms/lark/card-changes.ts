import type { LarkCard } from "./cardkit.ts";
import { findElement, isObject, type JsonObject, withReplaced } from "./card-nodes.ts";
import { refuse } from "./refusal.ts";
import type { RestBehaviour } from "./rest-behaviour.ts";

/** A change of a card entity: the whole text of one element, the configuration, or another card. */
export type CardChange = { readonly sequence: number; readonly uuid?: string } & (
  | { readonly kind: "stream"; readonly elementId: string; readonly content: string }
  | { readonly kind: "settings"; readonly settings: JsonObject }
  | { readonly kind: "replace"; readonly card: JsonObject }
);

/** When a change happens, and by which rules. */
export interface ChangeContext extends Pick<RestBehaviour, "streamLifeMs" | "streamTimeoutCode"> {
  /** Epoch ms. */
  readonly at: number;
}

/** Elements that text can be streamed into. */
const STREAMABLE: readonly string[] = ["markdown", "plain_text"];

/** Whether a card's streaming mode is open: it closes by itself some time after it was opened. */
export function isStreaming({ streamingSince }: LarkCard, { at, streamLifeMs }: Pick<ChangeContext, "at" | "streamLifeMs">): boolean {
  return streamingSince !== undefined && at - streamingSince < streamLifeMs;
}

/** The streaming mode that a new card begins with. */
export function streamingOf(card: JsonObject, at: number): Pick<LarkCard, "streamingSince"> {
  return modeIn(card) === true ? { streamingSince: at } : {};
}

/**
 * Gives the card as it is after a change, unchecked.
 *
 * @throws LarkRefusal 300309 or 200850 (streaming is closed), 300313 (no such element), 300310 (it has no text), 300122 (no settings).
 */
export function changeCard(card: LarkCard, change: CardChange, context: ChangeContext): LarkCard {
  const { sequence } = change;
  if (change.kind === "stream") return { ...card, sequence, card: withText(card, change, context) };
  const { streamingSince, ...rest } = card;
  if (change.kind === "replace") return { ...rest, sequence, card: change.card, ...streamingOf(change.card, context.at) };
  const isUntouched = modeIn(change.settings) === undefined && streamingSince !== undefined;
  const streaming = isUntouched ? { streamingSince } : streamingOf(change.settings, context.at);
  return { ...rest, sequence, card: withSettings(card.card, change.settings), ...streaming };
}

function withText(card: LarkCard, { elementId, content }: { readonly elementId: string; readonly content: string }, context: ChangeContext): JsonObject {
  if (card.streamingSince === undefined) throw refuse(300309);
  if (!isStreaming(card, context)) throw refuse(context.streamTimeoutCode);
  const target = findElement(card.card, elementId);
  if (target === undefined) throw refuse(300313, { msg: `not find elementID : ${elementId}` });
  if (!STREAMABLE.includes(target.tag)) throw refuse(300310);
  return { ...card.card, body: withReplaced(card.card["body"], target.node, { ...target.node, content }) };
}

function withSettings(card: JsonObject, settings: JsonObject): JsonObject {
  const { config = {}, card_link: link, ...rest } = settings;
  if (!isObject(config) || Object.keys(settings).length === 0 || Object.keys(rest).length > 0) throw refuse(300122);
  const before = isObject(card["config"]) ? card["config"] : {};
  return { ...card, config: { ...before, ...config }, ...(link === undefined ? {} : { card_link: link }) };
}

function modeIn({ config }: JsonObject): unknown {
  return isObject(config) ? config["streaming_mode"] : undefined;
}
