import { setBounded } from "../../record/bounded-map.ts";
import { LIMITS } from "./limits.ts";
import { keyOf, type QqPlace } from "./place.ts";

/** How a user or a group stands to the bot; `"declining"` wants answers only. */
export type QqStanding = "open" | "declining" | "gone";

/** The users and groups that the bot knows. */
export interface Contacts {
  /** `undefined` for those that it never met. */
  standingOf(place: QqPlace): QqStanding | undefined;
  set(place: QqPlace, standing: QqStanding): void;
  /** Somebody speaks there: those that were gone, or never met, are open now. */
  meet(place: QqPlace): void;
  clear(): void;
}

/** Creates {@link Contacts} with these. */
export function createContacts(known: readonly QqPlace[]): Contacts {
  const standings = new Map<string, QqStanding>();
  const set = (place: QqPlace, standing: QqStanding): void => setBounded(standings, [keyOf(place), standing], LIMITS.keptCount);
  const meetAll = (): void => {
    for (const place of known) set(place, "open");
  };
  meetAll();
  return {
    standingOf: (place) => standings.get(keyOf(place)),
    set,
    meet: (place) => {
      if (standings.get(keyOf(place)) !== "declining") set(place, "open");
    },
    clear: () => {
      standings.clear();
      meetAll();
    },
  };
}
