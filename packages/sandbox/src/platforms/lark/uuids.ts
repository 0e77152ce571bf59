import { setBounded } from "../../record/bounded-map.ts";
import { LIMITS } from "./limits.ts";

/** Which `uuid` has made which message; an empty one counts as none. */
export interface Uuids {
  /** Id of the message that this uuid made within the last hour. */
  find(uuid: string | undefined): string | undefined;
  keep(uuid: string | undefined, messageId: string): void;
  clear(): void;
}

/** Creates {@link Uuids} without any. */
export function createUuids(now: () => number): Uuids {
  const made = new Map<string, { readonly messageId: string; readonly at: number }>();
  return {
    find: (uuid) => {
      const known = made.get(uuid ?? "");
      return known !== undefined && now() - known.at < LIMITS.uuidWindowMs ? known.messageId : undefined;
    },
    keep: (uuid, messageId) => {
      if (uuid !== undefined && uuid !== "") setBounded(made, [uuid, { messageId, at: now() }], LIMITS.keptCount);
    },
    clear: () => made.clear(),
  };
}
