import type { MochatBehaviour } from "./behaviour.ts";
import type { Element } from "./element.ts";

/** One answer's worth of messages. */
export interface RetainedPage {
  /** In the order they are to be sent. */
  readonly elements: readonly Element[];
  readonly hasMore: boolean;
}

/** The messages that wait to be polled. */
export interface Retained {
  /** Keeps a message as the newest; beyond `capacity` the oldest is forgotten. */
  add(element: Element, capacity: number): void;
  /** The page that follows `sinceId`, or the status to refuse it with. */
  page(sinceId: string | undefined, behaviour: MochatBehaviour): RetainedPage | number;
  clear(): void;
}

/** Creates an empty {@link Retained}. */
export function createRetained(): Retained {
  const bySeq = new Map<number, Element>();
  const lastSeqOfId = new Map<string, number>();
  let firstSeq = 1;
  let nextSeq = 1;

  function forgetOldest(): void {
    const id = bySeq.get(firstSeq)?.id;
    if (id !== undefined && lastSeqOfId.get(id) === firstSeq) lastSeqOfId.delete(id);
    bySeq.delete(firstSeq);
    firstSeq += 1;
  }

  function startOf(sinceId: string | undefined, behaviour: MochatBehaviour): number {
    if (behaviour.sinceId === "ignored") return Math.max(firstSeq, nextSeq - behaviour.pageSize);
    if (sinceId === undefined) return firstSeq;
    const seq = lastSeqOfId.get(sinceId);
    if (seq === undefined) return behaviour.unknownSinceId === "everything" ? firstSeq : nextSeq;
    return behaviour.sinceId === "inclusive" ? seq : seq + 1;
  }

  return {
    add: (element, capacity) => {
      bySeq.set(nextSeq, element);
      if (element.id !== undefined) lastSeqOfId.set(element.id, nextSeq);
      nextSeq += 1;
      while (bySeq.size > capacity) forgetOldest();
    },
    page: (sinceId, behaviour) => {
      const isUnknown = behaviour.sinceId !== "ignored" && sinceId !== undefined && !lastSeqOfId.has(sinceId);
      if (isUnknown && typeof behaviour.unknownSinceId === "number") return behaviour.unknownSinceId;
      const start = startOf(sinceId, behaviour);
      const end = Math.min(nextSeq, start + behaviour.pageSize);
      const elements: Element[] = [];
      for (let seq = start; seq < end; seq += 1) {
        const element = bySeq.get(seq);
        if (element !== undefined) elements.push(element);
      }
      return { elements: behaviour.order === "newest-first" ? elements.toReversed() : elements, hasMore: end < nextSeq };
    },
    clear: () => {
      bySeq.clear();
      lastSeqOfId.clear();
      firstSeq = nextSeq = 1;
    },
  };
}
