import type { MochatMessage } from "./wire.ts";

/**
 * The messages of one page, oldest first.
 *
 * The bridge's order is kept, unless it is newest first beyond doubt: all have a time and the times strictly decrease,
 * or all ids are whole numbers and strictly decrease.
 */
export function oldestFirst(messages: readonly MochatMessage[]): readonly MochatMessage[] {
  const isReversed = strictlyDecrease(messages.map(({ sentAt }) => sentAt)) || strictlyDecrease(messages.map(({ id }) => toInteger(id)));
  return isReversed ? messages.toReversed() : messages;
}

/** False also for fewer than two values, and as soon as one is absent. */
function strictlyDecrease(values: readonly (number | bigint | undefined)[]): boolean {
  return values.length >= 2 && values.every((value, index) => {
    const before = values[index - 1];
    return value !== undefined && (before === undefined || value < before);
  });
}

function toInteger(id: string | undefined): bigint | undefined {
  return id !== undefined && /^\d+$/.test(id) ? BigInt(id) : undefined;
}
