import { randomInt } from "node:crypto";
import { setBounded } from "../../record/bounded-map.ts";
import { createLog, type Log } from "../../record/log.ts";
import { type CardRules, checkCard } from "./card.ts";
import { type CardChange, changeCard, type ChangeContext, isStreaming, streamingOf } from "./card-changes.ts";
import { cardText, type JsonObject } from "./card-nodes.ts";
import { LIMITS } from "./limits.ts";
import { refuse } from "./refusal.ts";
import type { RestBehaviour } from "./rest-behaviour.ts";

/** A card that can be changed piece by piece. */
export interface LarkCard {
  readonly cardId: string;
  readonly card: JsonObject;
  /** Epoch ms. */
  readonly createdAt: number;
  /** App that made it. */
  readonly appId: string;
  /** The number of its last change; 0 before the first. */
  readonly sequence: number;
  /** When the streaming mode was opened, epoch ms; absent when it was closed since. */
  readonly streamingSince?: number;
  /** The message that shows it. */
  readonly messageId?: string;
}

/** A change of a card. */
export interface LarkCardFrame {
  readonly seq: number;
  /** Counts everything that the platform saw, so that a smaller one came first. */
  readonly order: number;
  /** Epoch ms. */
  readonly at: number;
  readonly cardId: string;
  readonly kind: CardChange["kind"];
  readonly sequence: number;
  /** Of a stream: the element, and its whole text. */
  readonly elementId?: string;
  readonly content?: string;
  /** The whole card as it reads then. */
  readonly text: string;
  readonly isStreaming: boolean;
}

/** What cards stand on. */
export interface CardsContext {
  readonly now: () => number;
  readonly closing: AbortSignal;
  readonly behaviour: () => RestBehaviour;
  readonly rules: () => CardRules;
  readonly appId: () => string;
  readonly nextOrder: () => number;
}

/** The card entities of the platform. What it refuses, these refuse with its codes, as a `LarkRefusal`. */
export interface Cards {
  /** Makes an entity of a card that the app, or another one, brings along. */
  create(card: JsonObject, origin?: Partial<Pick<LarkCard, "appId" | "messageId">>): LarkCard;
  find(cardId: string): LarkCard | undefined;
  /** The entity that a message shows. */
  shownBy(messageId: string): LarkCard | undefined;
  isStreaming(cardId: string): boolean;
  /** Makes a message show a card, which works once. @returns false when it does not. */
  show(cardId: string, messageId: string): boolean;
  change(cardId: string, change: CardChange): LarkCard;
  /** Every change, oldest first. */
  readonly frames: Log<LarkCardFrame>;
  clear(): void;
}

/** Creates {@link Cards} without any. */
export function createCards(context: CardsContext): Cards {
  const cards = new Map<string, LarkCard>();
  const cardIds = new Map<string, string>();
  const uuids = new Map<string, true>();
  const frames = createLog<LarkCardFrame>(LIMITS.keptCount, context.closing);
  const moment = (): ChangeContext => ({ at: context.now(), ...context.behaviour() });
  const keep = (card: LarkCard): LarkCard => {
    setBounded(cards, [card.cardId, card], LIMITS.keptCount);
    if (card.messageId !== undefined) setBounded(cardIds, [card.messageId, card.cardId], LIMITS.keptCount);
    return card;
  };
  const isUsable = (card: LarkCard): boolean => card.appId === context.appId() && context.now() - card.createdAt < LIMITS.cardLifeMs;

  function change(cardId: string, wanted: CardChange): LarkCard {
    const { kind, sequence, uuid } = wanted;
    const before = cards.get(cardId);
    if (before === undefined) throw refuse(200740);
    if (!isUsable(before)) throw refuse(before.appId === context.appId() ? 200750 : 300311);
    if (uuid !== undefined && uuids.has(uuid)) throw refuse(200770);
    if (sequence <= before.sequence) throw refuse(300317);
    const after = changeCard(before, wanted, moment());
    check(after.card, context.rules());
    keep(after);
    if (uuid !== undefined) setBounded(uuids, [uuid, true], LIMITS.keptCount);
    const streamed = wanted.kind === "stream" ? { elementId: wanted.elementId, content: wanted.content } : {};
    const result = { text: cardText(after.card), isStreaming: isStreaming(after, moment()) };
    frames.append((seq) => ({ seq, order: context.nextOrder(), at: context.now(), cardId, kind, sequence, ...streamed, ...result }));
    return after;
  }

  return {
    create: (card, origin = {}) => {
      check(card, context.rules());
      const at = context.now();
      return keep({ cardId: newCardId(), card, createdAt: at, appId: context.appId(), sequence: 0, ...streamingOf(card, at), ...origin });
    },
    find: (cardId) => cards.get(cardId),
    shownBy: (messageId) => cards.get(cardIds.get(messageId) ?? ""),
    isStreaming: (cardId) => {
      const card = cards.get(cardId);
      return card !== undefined && isStreaming(card, moment());
    },
    show: (cardId, messageId) => {
      const card = cards.get(cardId);
      if (card === undefined || card.messageId !== undefined || !isUsable(card)) return false;
      keep({ ...card, messageId });
      return true;
    },
    change,
    frames,
    clear: () => {
      for (const kept of [cards, cardIds, uuids, frames]) kept.clear();
    },
  };
}

function check(card: JsonObject, rules: CardRules): void {
  const problem = checkCard(card, rules);
  if (problem !== undefined) throw refuse(problem.code, { msg: `${problem.errMsg}; ErrorValue: ${problem.errorValue};` });
  if (Buffer.byteLength(JSON.stringify(card)) > LIMITS.cardBodyBytes) throw refuse(200860);
}

/** 19 digits. */
function newCardId(): string {
  return `7${Array.from({ length: 18 }, () => randomInt(10)).join("")}`;
}
