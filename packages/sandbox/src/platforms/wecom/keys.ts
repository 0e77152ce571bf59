import { setBounded } from "../../record/bounded-map.ts";
import { LIMITS } from "./limits.ts";
import type { WecomState } from "./state.ts";

/** The bots that exist, each known by its key. */
export interface WecomKeys {
  /** The bot may post; also enables it again. */
  add(key: string): void;
  /** The bot exists and is refused with 93004. */
  disable(key: string): void;
  /** The key is unknown and refused with 93000. */
  remove(key: string): void;
}

/** Manages the keys in `state`. */
export function createKeys(state: WecomState): WecomKeys {
  return {
    add: (key) => setBounded(state.keys, [key, "active"], LIMITS.keptCount),
    disable: (key) => setBounded(state.keys, [key, "disabled"], LIMITS.keptCount),
    remove: (key) => void state.keys.delete(key),
  };
}
