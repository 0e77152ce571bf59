import { createLog, type Log } from "../../record/log.ts";
import type { CardRules } from "./card.ts";
import { type CardTokens, createCardTokens } from "./card-tokens.ts";
import { type Cards, createCards } from "./cardkit.ts";
import { type Chats, createChats } from "./chats.ts";
import { createForcedRefusals, type ForcedRefusals } from "./forced-refusals.ts";
import { LIMITS } from "./limits.ts";
import { createMessages, type Messages } from "./messages.ts";
import type { LarkApp } from "./people.ts";
import { createRateLimits, type RateLimits } from "./rate-limits.ts";
import { createReactions, type Reactions } from "./reactions.ts";
import { createResources, type Resources } from "./resources.ts";
import type { RestBehaviour } from "./rest-behaviour.ts";
import type { LarkEdit, LarkSent } from "./sent.ts";
import { createUuids, type Uuids } from "./uuids.ts";

/** What the state stands on. */
export interface RestContext {
  readonly now: () => number;
  readonly closing: AbortSignal;
  readonly behaviour: () => RestBehaviour;
  readonly app: () => LarkApp;
  /** Counts everything that the platform sees. */
  readonly nextOrder: () => number;
}

/** What the emulated platform remembers of chats and of what the app calls. */
export interface RestState extends RestContext {
  readonly chats: Chats;
  readonly messages: Messages;
  readonly resources: Resources;
  readonly reactions: Reactions;
  readonly cards: Cards;
  readonly cardTokens: CardTokens;
  /** What cards are checked against now. */
  readonly cardRules: () => CardRules;
  readonly rates: RateLimits;
  readonly forced: ForcedRefusals;
  readonly uuids: Uuids;
  /** The bot's messages. */
  readonly sent: Log<LarkSent>;
  /** What became of them, by message id. */
  readonly edits: Map<string, readonly LarkEdit[]>;
  clear(): void;
}

/** Creates the state of a fresh platform. */
export function createRestState(context: RestContext): RestState {
  const { now, closing, behaviour, app, nextOrder } = context;
  const resources = createResources(now);
  const cardRules = (): CardRules => ({
    tableCount: behaviour().cardTableCount,
    hasImage: (key) => resources.find(key)?.uploadType === "message",
  });
  const kept = {
    chats: createChats(),
    messages: createMessages(now),
    resources,
    reactions: createReactions({ now, closing, nextOrder }),
    cards: createCards({ now, closing, behaviour, rules: cardRules, appId: () => app().appId, nextOrder }),
    cardTokens: createCardTokens(now),
    rates: createRateLimits(now, behaviour),
    forced: createForcedRefusals(),
    uuids: createUuids(now),
    sent: createLog<LarkSent>(LIMITS.keptCount, closing),
    edits: new Map<string, readonly LarkEdit[]>(),
  };
  return {
    ...context,
    ...kept,
    cardRules,
    clear: () => {
      for (const part of Object.values(kept)) part.clear();
    },
  };
}
