import { setBounded } from "../../record/bounded-map.ts";
import type { QqBehaviour } from "./behaviour.ts";
import { ANSWERABLE } from "./events.ts";
import { LIMITS } from "./limits.ts";
import { keyOf, type QqPlace, sceneOf } from "./place.ts";

/** What an answer says that it answers. */
export interface ReferenceUse {
  readonly kind: "message" | "event";
  readonly id: string;
  readonly msgSeq: number;
  /** How long ago it may have been, besides the scene's own window. */
  readonly windowMs?: number;
}

/** The messages and events that can be answered. */
export interface References {
  /** Lets a message, or an event with this name, be answered where it came from. */
  note(id: string, place: QqPlace, t?: string): void;
  /** Uses an answer up. @returns the code to refuse with, if it is none. */
  use(use: ReferenceUse, place: QqPlace): number | undefined;
  clear(): void;
}

interface Reference {
  readonly kind: "message" | "event";
  readonly place: string;
  /** Epoch ms. */
  readonly at: number;
  readonly usedSeqs: Set<number>;
}

const NO_SUCH_ID = { message: 40034024, event: 40034025 } as const;
const DUPLICATE = 40054005;
const EXPIRED = 304027;
const TOO_MANY = 40034128;

/** Creates an empty {@link References}. */
export function createReferences(now: () => number, behaviour: () => QqBehaviour): References {
  const references = new Map<string, Reference>();
  return {
    note: (id, place, t) => {
      if (t !== undefined && !ANSWERABLE[sceneOf(place)].includes(t)) return;
      const reference: Reference = { kind: t === undefined ? "message" : "event", place: keyOf(place), at: now(), usedSeqs: new Set() };
      setBounded(references, [id, references.get(id) ?? reference], LIMITS.keptCount);
    },
    use: ({ kind, id, msgSeq, windowMs = Infinity }, place) => {
      const reference = references.get(id);
      if (reference?.kind !== kind || reference.place !== keyOf(place)) return NO_SUCH_ID[kind];
      const { usedSeqs, at } = reference;
      const rules = behaviour();
      const isPrivate = sceneOf(place) === "private";
      if (usedSeqs.has(msgSeq)) return DUPLICATE;
      if (now() - at >= Math.min(windowMs, isPrivate ? rules.privateWindowMs : rules.groupWindowMs)) return EXPIRED;
      if (usedSeqs.size >= (isPrivate ? rules.privateReplies : rules.groupReplies)) return TOO_MANY;
      usedSeqs.add(msgSeq);
      return undefined;
    },
    clear: () => references.clear(),
  };
}
