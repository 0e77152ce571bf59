import { scopeStore, type Store } from "@revka/core";
import { LIMITS } from "./limits.ts";

/** Who wants no messages that answer nothing. It survives a restart. */
export interface Consents {
  set(conversationId: string, isGiven: boolean): Promise<void>;
  isRefused(conversationId: string): Promise<boolean>;
}

/** Opens the list in `store`. */
export function createConsents(store: Store): Consents {
  const records = scopeStore(store, "refused");
  return {
    set: (conversationId, isGiven) => (isGiven ? records.delete(conversationId) : records.set(conversationId, true, { ttlMs: LIMITS.refusalMs })),
    isRefused: async (conversationId) => (await records.get(conversationId)) === true,
  };
}
