import type { Clock } from "@revka/core";
import { headerValue, type LarkFrame } from "./frame.ts";
import { LIMITS } from "./limits.ts";

/** What a fragment brings about: the whole payload, nothing yet, or a refusal. */
export type FragmentResult = { readonly payload: Uint8Array } | "incomplete" | { readonly malformed: string };

/** Puts payloads together that came in several frames. */
export interface Fragments {
  add(frame: LarkFrame): FragmentResult;
}

interface OpenSet {
  readonly parts: Map<number, Uint8Array>;
  readonly sum: number;
  readonly startedAt: number;
  bytes: number;
}

/**
 * Fragments of one connection, by the transport's `message_id`, in any order. What stays incomplete is forgotten after a
 * minute, and sooner where there are too many or too large sets: the platform delivers again what gets no ack.
 */
export function createFragments(clock: Clock): Fragments {
  // A Map keeps the order of insertion: its first entry is the oldest.
  const open = new Map<string, OpenSet>();
  let heldBytes = 0;

  function forget(id: string, set: OpenSet): void {
    open.delete(id);
    heldBytes -= set.bytes;
  }
  function forgetOld(): void {
    const oldestAt = clock.monotonic() - LIMITS.fragmentMs;
    for (const [id, set] of open) {
      if (set.startedAt > oldestAt) return;
      forget(id, set);
    }
  }
  function forgetWhile(isCrowded: () => boolean): void {
    for (const [id, set] of open) {
      if (!isCrowded()) return;
      forget(id, set);
    }
  }
  function setOf(id: string, sum: number): OpenSet {
    const known = open.get(id);
    if (known?.sum === sum) return known;
    // Delivered again, and cut otherwise.
    if (known !== undefined) forget(id, known);
    forgetWhile(() => open.size >= LIMITS.fragmentSets);
    const set = { parts: new Map<number, Uint8Array>(), sum, startedAt: clock.monotonic(), bytes: 0 };
    open.set(id, set);
    return set;
  }

  return {
    add(frame) {
      const { payload = new Uint8Array(0) } = frame;
      const sum = countIn(frame, "sum") ?? 1;
      if (sum === 1) return { payload };
      const place = placeOf(frame, sum);
      if (place === undefined) return { malformed: "a fragment that fits nowhere" };
      const { id, seq } = place;
      forgetOld();
      const set = setOf(id, sum);
      if (set.parts.has(seq)) return "incomplete";
      set.parts.set(seq, payload);
      set.bytes += payload.length;
      heldBytes += payload.length;
      forgetWhile(() => heldBytes > LIMITS.fragmentBytes);
      if (!open.has(id)) return { malformed: "fragments that are too large together" };
      if (set.parts.size < sum) return "incomplete";
      forget(id, set);
      return { payload: joined(set) };
    },
  };
}

/** Which part it is of what; undefined where it can be none. */
function placeOf(frame: LarkFrame, sum: number): { readonly id: string; readonly seq: number } | undefined {
  const id = headerValue(frame, "message_id");
  const seq = countIn(frame, "seq") ?? Number.NaN;
  const isPlace = sum >= 1 && sum <= LIMITS.fragmentCount && seq < sum;
  return id !== undefined && isPlace ? { id, seq } : undefined;
}

/** A whole number in a header; NaN for anything else, undefined where it is absent. */
function countIn(frame: LarkFrame, key: string): number | undefined {
  const value = headerValue(frame, key);
  if (value === undefined) return undefined;
  return /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
}

function joined({ parts }: OpenSet): Uint8Array {
  return Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part));
}
