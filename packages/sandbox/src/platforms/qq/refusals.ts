import { LIMITS } from "./limits.ts";
import { callOf, type QqCall, type QqRefusal, type QqRefusalRule } from "./refusal.ts";

/** The refusals that a test asked for. */
export interface Refusals {
  /** @throws RangeError when more than 10,000 would wait. */
  add(refusal: number | QqRefusalRule, times: number): void;
  /** The next one for a call. */
  take(call: QqCall): QqRefusal | undefined;
  clear(): void;
}

/** Creates empty {@link Refusals}. */
export function createRefusals(): Refusals {
  const waiting: { readonly call: QqCall; readonly refusal: QqRefusal }[] = [];
  return {
    add: (refusal, times) => {
      if (waiting.length + times > LIMITS.keptCount) throw new RangeError(`at most ${LIMITS.keptCount} refusals may wait`);
      const { call, ...answer }: QqRefusalRule = typeof refusal === "number" ? { code: refusal } : refusal;
      for (let count = 0; count < times; count += 1) waiting.push({ call: call ?? callOf(answer.code), refusal: answer });
    },
    take: (call) => {
      const index = waiting.findIndex((entry) => entry.call === call);
      return index === -1 ? undefined : waiting.splice(index, 1)[0]?.refusal;
    },
    clear: () => void (waiting.length = 0),
  };
}
