import { randomBytes } from "node:crypto";
import { createLog, type Log } from "../../record/log.ts";
import { setBounded } from "../../record/bounded-map.ts";
import { LIMITS } from "./limits.ts";

/** A reaction to a message. */
export interface Reaction {
  readonly reactionId: string;
  readonly messageId: string;
  readonly emoji: string;
  /** App id or open id. */
  readonly operatorId: string;
  readonly operatorType: "app" | "user";
  /** Epoch ms. */
  readonly at: number;
}

/** A reaction that was added, or taken away. */
export interface LarkReaction extends Reaction {
  readonly seq: number;
  /** Counts everything that the platform saw, so that a smaller one came first. */
  readonly order: number;
  readonly isRemoved: boolean;
}

/** The reactions to every message. */
export interface Reactions {
  /** Adds a reaction; the same one again changes nothing. */
  add(reaction: Omit<Reaction, "reactionId" | "at">): Reaction;
  remove(reaction: Reaction): void;
  find(reactionId: string): Reaction | undefined;
  /** Those that a message has now, oldest first. */
  of(messageId: string): readonly Reaction[];
  /** What was added and taken away, oldest first. */
  readonly log: Log<LarkReaction>;
  clear(): void;
}

/** Creates {@link Reactions} without any. */
export function createReactions({ now, closing, nextOrder }: { readonly now: () => number; readonly closing: AbortSignal; readonly nextOrder: () => number }): Reactions {
  const reactions = new Map<string, Reaction>();
  const log = createLog<LarkReaction>(LIMITS.keptCount, closing);
  const record = (reaction: Reaction, isRemoved: boolean): void => {
    log.append((seq) => ({ seq, order: nextOrder(), ...reaction, at: now(), isRemoved }));
  };
  const of = (messageId: string): readonly Reaction[] => [...reactions.values()].filter((reaction) => reaction.messageId === messageId);
  return {
    add: (fields) => {
      const known = of(fields.messageId).find(({ emoji, operatorId }) => emoji === fields.emoji && operatorId === fields.operatorId);
      if (known !== undefined) return known;
      const reaction = { reactionId: randomBytes(24).toString("base64url"), at: now(), ...fields };
      setBounded(reactions, [reaction.reactionId, reaction], LIMITS.keptCount);
      record(reaction, false);
      return reaction;
    },
    remove: (reaction) => {
      if (reactions.delete(reaction.reactionId)) record(reaction, true);
    },
    find: (reactionId) => reactions.get(reactionId),
    of,
    log,
    clear: () => {
      reactions.clear();
      log.clear();
    },
  };
}
