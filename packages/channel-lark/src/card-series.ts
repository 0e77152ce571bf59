import { isChannelError, sendInOrder, type Channel, type ChannelContext, type ReplyTarget, type SendReceipt } from "@revka/core";
import type { CardKit } from "./card-kit.ts";
import { split } from "./card.ts";
import type { Deliver } from "./deliver.ts";
import type { Leftovers } from "./leftovers.ts";
import { LIMITS } from "./limits.ts";
import { createLiveCard, type LiveCard } from "./live-card.ts";
import type { Messages } from "./messages.ts";
import { uuidOf } from "./uuid.ts";

/** The cards that one growing answer is shown on: a text too long for one goes on in the next. */
export interface CardSeries {
  /** Shows the text so far. */
  show(text: string, signal?: AbortSignal): Promise<void>;
  /** Shows the whole text for good. What cannot be shown on a card is sent the ordinary way. */
  settle(text: string): Promise<SendReceipt>;
  /** Takes the cards back; those that stay grow no more. */
  takeBack(): Promise<void>;
}

/** What the cards need. */
export interface CardSeriesMeans {
  readonly context: ChannelContext;
  readonly kit: CardKit;
  readonly messages: Messages;
  readonly deliver: Deliver;
  /** Cards that grow. */
  readonly leftovers: Leftovers;
  readonly send: Channel["send"];
}

interface PostedCard {
  readonly card: LiveCard;
  /** Absent where the answer to posting it was lost: perhaps it is there. */
  readonly receipt: SendReceipt | undefined;
}

/**
 * The cards of the answer to `target`.
 *
 * @param key - the answer's own. A card and the message that stands in for it have the same `uuid`, so that the platform
 * does not show both.
 */
export function createCardSeries(key: string, target: ReplyTarget, means: CardSeriesMeans): CardSeries {
  const { context, kit, deliver, leftovers, send } = means;
  const posted: PostedCard[] = [];
  const keyOf = (index: number): string => `${key}:${index}`;

  async function post(piece: string, signal: AbortSignal | undefined): Promise<void> {
    const cardId = await kit.create(piece, signal);
    const card = createLiveCard(cardId, piece, { kit, clock: context.clock });
    await leftovers.add(cardId);
    const content = JSON.stringify({ type: "card", data: { card_id: cardId } });
    try {
      const receipt = await deliver(target, { msgType: "interactive", content }, { uuid: uuidOf(keyOf(posted.length), "0"), signal });
      posted.push({ card, receipt });
    } catch (error) {
      if (isChannelError(error) && error.code !== "unknown-outcome") await leftovers.drop(cardId);
      else posted.push({ card, receipt: undefined });
      throw error;
    }
  }
  async function settle(one: PostedCard, piece: string, index: number): Promise<SendReceipt> {
    const { card, receipt } = one;
    const message = { target, text: piece };
    const isSettled = await trySettling(card, piece);
    if (!isSettled) context.logger.warn({ channel: context.instance }, "Lark: a card cannot be finished, sending its text instead");
    if (receipt !== undefined && !isSettled) {
      await takeBack(one, means);
      return send({ ...message, idempotencyKey: `${keyOf(index)}:again` });
    }
    await leftovers.drop(card.cardId);
    // A card that is there after all keeps this from being posted.
    return receipt ?? (await send({ ...message, idempotencyKey: keyOf(index) }));
  }

  return {
    async show(text, signal) {
      const pieces = split(text).slice(0, LIMITS.draftCards);
      for (const [index, piece] of pieces.entries()) {
        const card = posted[index]?.card;
        if (card === undefined) await post(piece, signal);
        else if (card.shown !== piece) await card.show(piece, signal);
      }
    },
    async settle(text) {
      const pieces = split(text);
      const receipt = await sendInOrder(pieces, (piece, index) => {
        const one = posted[index];
        return one === undefined ? send({ target, text: piece, idempotencyKey: keyOf(index) }) : settle(one, piece, index);
      });
      for (const surplus of posted.slice(pieces.length)) await takeBack(surplus, means);
      return receipt;
    },
    async takeBack() {
      for (const one of posted) await takeBack(one, means);
    },
  };
}

/** Takes a card back, or at least lets it grow no more. */
async function takeBack({ card, receipt }: PostedCard, { messages, leftovers }: CardSeriesMeans): Promise<void> {
  try {
    if (receipt === undefined) await trySettling(card, card.shown);
    for (const messageId of receipt?.messageIds ?? []) await messages.recall(messageId);
  } catch (error) {
    if (!isChannelError(error)) throw error;
    await trySettling(card, card.shown);
  }
  await leftovers.drop(card.cardId);
}

async function trySettling(card: LiveCard, markdown: string): Promise<boolean> {
  try {
    await card.settle(markdown);
    return true;
  } catch (error) {
    if (!isChannelError(error)) throw error;
    return false;
  }
}
