import type { LarkAck } from "./acks.ts";
import type { LarkCard, LarkCardFrame } from "./cardkit.ts";
import type { LarkConnection, LarkPing } from "./connections.ts";
import type { LarkCredentials } from "./credentials.ts";
import type { LarkDelivery } from "./delivery.ts";
import type { LarkReaction } from "./reactions.ts";
import type { LarkResource } from "./resources.ts";
import type { LarkSent } from "./sent.ts";
import type { LarkState } from "./state.ts";
import { createSteering, type LarkSteering } from "./steering.ts";
import type { LarkPost } from "./webhook.ts";

/** A private conversation, by the user's open id, or a group, by its chat id. */
export type LarkWhere = string | { readonly group: string };

/**
 * Drives and watches the emulated Lark, or Feishu.
 *
 * Of each list the last 10,000 are kept, oldest first; the `next…` beside it gives each entry to one call only, and waits for it.
 */
export interface LarkControl extends LarkSteering {
  /** What a channel takes as `base_url`. */
  readonly url: string;
  /** What is accepted now. */
  readonly credentials: LarkCredentials;
  readonly botOpenId: string;
  /** The connections that are open; the others, too, for the `next…`. */
  readonly connections: readonly LarkConnection[];
  nextConnection(signal?: AbortSignal): Promise<LarkConnection>;
  /** Pings of clients. */
  readonly pings: readonly LarkPing[];
  nextPing(signal?: AbortSignal): Promise<LarkPing>;
  /** Attempts to deliver something. */
  readonly deliveries: readonly LarkDelivery[];
  nextDelivery(signal?: AbortSignal): Promise<LarkDelivery>;
  /** What clients sent besides pings. */
  readonly acks: readonly LarkAck[];
  nextAck(signal?: AbortSignal): Promise<LarkAck>;
  /** Posts to the webhook that are over. */
  readonly posts: readonly LarkPost[];
  nextPost(signal?: AbortSignal): Promise<LarkPost>;
  /** The bot's messages. */
  readonly sent: readonly LarkSent[];
  /** The next in one place, or in any. */
  nextReply(where?: LarkWhere, signal?: AbortSignal): Promise<LarkSent>;
  /** Gives the first message of the bot that matches, as it was sent or after a change, to any number of calls. */
  awaitSent(matches: (message: LarkSent) => boolean, signal?: AbortSignal): Promise<LarkSent>;
  /** Reactions that were added or taken away. */
  readonly reactions: readonly LarkReaction[];
  nextReaction(signal?: AbortSignal): Promise<LarkReaction>;
  /** Changes of card entities. */
  readonly cardFrames: readonly LarkCardFrame[];
  nextCardFrame(signal?: AbortSignal): Promise<LarkCardFrame>;
  /** A card entity as it is now. */
  card(cardId: string): LarkCard | undefined;
  /** What the app uploaded. */
  readonly uploads: readonly LarkResource[];
}

const any = (): boolean => true;

/** Creates what a test in this process drives the platform by. */
export function createLarkApi(state: LarkState, url: string): LarkControl {
  const { acks, connectionLog, connections, deliveries, pings, rest, webhook } = state;
  return {
    ...createSteering(state),
    url,
    get credentials() {
      return state.credentials;
    },
    botOpenId: rest.app().botOpenId,
    get connections() {
      return [...connections.values()];
    },
    nextConnection: (signal) => connectionLog.take(any, signal),
    get pings() {
      return pings.entries;
    },
    nextPing: (signal) => pings.take(any, signal),
    get deliveries() {
      return deliveries.log.entries;
    },
    nextDelivery: (signal) => deliveries.log.take(any, signal),
    get acks() {
      return acks.entries;
    },
    nextAck: (signal) => acks.take(any, signal),
    get posts() {
      return webhook.log.entries;
    },
    nextPost: (signal) => webhook.log.take(any, signal),
    get sent() {
      return rest.sent.entries;
    },
    nextReply: (where, signal) => rest.sent.take((sent) => where === undefined || isAt(where, sent), signal),
    awaitSent: (matches, signal) => rest.sent.next(matches, signal),
    get reactions() {
      return rest.reactions.log.entries;
    },
    nextReaction: (signal) => rest.reactions.log.take(any, signal),
    get cardFrames() {
      return rest.cards.frames.entries;
    },
    nextCardFrame: (signal) => rest.cards.frames.take(any, signal),
    card: (cardId) => rest.cards.find(cardId),
    get uploads() {
      return rest.resources.uploads;
    },
  };
}

function isAt(where: LarkWhere, { user, group }: LarkSent): boolean {
  return typeof where === "string" ? user === where : group === where.group;
}
