import { matchesPattern } from "../../faults/rules.ts";
import { LIMITS } from "./limits.ts";
import { type LarkRefusal, refuse, type RefusalDetails } from "./refusal.ts";

/** Which calls a refusal waits for, and how it differs from the usual one of its code. */
export interface RefusalChoice extends RefusalDetails {
  /** Any method unless given. */
  readonly method?: string;
  /** Path below the platform's prefix, e.g. `/open-apis/im/v1/messages`; one `*` at the end stands for any rest. Any call that carries a token unless given. */
  readonly path?: string;
}

/** Refusals that a test asked for. */
export interface ForcedRefusals {
  /** Refuses the next calls that match, default one. Refusals add up, in order. @throws RangeError when more than 10,000 would wait. */
  add(code: number, times?: number, choice?: RefusalChoice): void;
  /** Takes the oldest that waits for this call. */
  take(method: string, path: string): LarkRefusal | undefined;
  clear(): void;
}

interface Waiting {
  readonly choice: RefusalChoice;
  readonly code: number;
}

/** Creates {@link ForcedRefusals} without any. */
export function createForcedRefusals(): ForcedRefusals {
  const waiting: Waiting[] = [];
  return {
    add: (code, times = 1, choice = {}) => {
      if (waiting.length + times > LIMITS.keptCount) throw new RangeError(`at most ${LIMITS.keptCount} refusals may wait`);
      waiting.push(...Array.from({ length: times }, () => ({ code, choice })));
    },
    take: (method, path) => {
      const index = waiting.findIndex(({ choice }) => matches(choice, method, path));
      const [next] = index === -1 ? [] : waiting.splice(index, 1);
      return next === undefined ? undefined : refusalOf(next);
    },
    clear: () => {
      waiting.length = 0;
    },
  };
}

function matches(choice: RefusalChoice, method: string, path: string): boolean {
  if (choice.method !== undefined && choice.method.toUpperCase() !== method) return false;
  return choice.path === undefined ? !path.startsWith("/open-apis/auth/") : matchesPattern(choice.path, path);
}

function refusalOf({ code, choice: { method: _method, path: _path, ...details } }: Waiting): LarkRefusal {
  return refuse(code, details);
}
