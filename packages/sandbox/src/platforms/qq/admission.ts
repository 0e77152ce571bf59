import { createSlidingWindow } from "../sliding-window.ts";
import type { QqBehaviour } from "./behaviour.ts";
import type { Contacts } from "./contacts.ts";
import { LIMITS } from "./limits.ts";
import { keyOf, type QqPlace, sceneOf } from "./place.ts";
import type { References, ReferenceUse } from "./references.ts";

/** Decides whether a message may go to a place. */
export interface Admission {
  /** @param use - what it answers; absent when it answers nothing. @returns the code to refuse with, if it may not. */
  admit(place: QqPlace, use?: ReferenceUse): number | undefined;
  clear(): void;
}

/** What admission stands on. */
export interface AdmissionContext {
  readonly now: () => number;
  readonly behaviour: () => QqBehaviour;
  readonly contacts: Contacts;
  readonly references: References;
}

const STRANGER = 11255;
const NO_FRIEND = 40054004;
const NOT_IN_GROUP = 40034101;
const NOT_ALLOWED = 40034102;
const DECLINED = 40034105;
const TOO_FAST = 40034100;

/** Creates an {@link Admission} that has admitted nothing. */
export function createAdmission({ now, behaviour, contacts, references }: AdmissionContext): Admission {
  const second = createSlidingWindow(LIMITS.secondMs, now);
  const minute = createSlidingWindow(LIMITS.minuteMs, now);
  const day = createSlidingWindow(LIMITS.dayMs, now);

  /** Every try counts, also one that a later window refuses. */
  function isWithinQuota(place: QqPlace): boolean {
    const rules = behaviour();
    const scene = sceneOf(place);
    return second.admit(scene, rules.proactivePerSecond)
      && minute.admit(scene, rules.proactivePerMinute)
      && minute.admit(keyOf(place), rules.proactivePerMinuteAndTarget)
      && day.admit(keyOf(place), rules.proactivePerDayAndTarget);
  }

  return {
    admit: (place, use) => {
      const standing = contacts.standingOf(place);
      if (standing === undefined) return STRANGER;
      if (standing === "gone") return place.group === undefined ? NO_FRIEND : NOT_IN_GROUP;
      if (use !== undefined) return references.use(use, place);
      if (!behaviour().allowsProactive) return NOT_ALLOWED;
      if (standing === "declining") return DECLINED;
      return isWithinQuota(place) ? undefined : TOO_FAST;
    },
    clear: () => {
      for (const window of [second, minute, day]) window.clear();
    },
  };
}
