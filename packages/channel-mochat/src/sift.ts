import { admit, type Admission, type AdmitRules } from "@revka/core";
import { createAnonymousTally, type AnonymousCounts } from "./anonymous.ts";
import { envelopeOf } from "./inbound.ts";
import type { MochatMessage } from "./wire.ts";

/** What becomes of a message: only the admitted are delivered, all are seen. */
export type Verdict = Admission | "empty" | "backlog";

/** A message and what becomes of it. */
export interface Sifted {
  readonly message: MochatMessage;
  readonly verdict: Verdict;
}

/** By what a page is sifted. */
export interface SiftRules extends AdmitRules {
  readonly ignoreUsers: readonly string[];
  /** What had no id in the page before. */
  readonly anonymousBefore: AnonymousCounts;
  /** Nothing is to be delivered: this is what waited before the very first start. */
  readonly isBacklog: boolean;
}

/** Judges the messages of a page in their order, and tells its `AnonymousCounts` for the next. Nothing is marked yet. */
export function sift(messages: readonly MochatMessage[], rules: SiftRules): { readonly sifted: readonly Sifted[]; readonly anonymous: AnonymousCounts } {
  const idsOfPage = new Set<string>();
  const tally = createAnonymousTally(rules.anonymousBefore);

  function isRepeatInPage(message: MochatMessage): boolean {
    if (message.id === undefined) return tally.isRepeat(message);
    const isRepeat = idsOfPage.has(message.id);
    idsOfPage.add(message.id);
    return isRepeat;
  }
  function judge(message: MochatMessage): Verdict {
    if (isRepeatInPage(message)) return "duplicate";
    const admission = admit(envelopeOf(message, rules.ignoreUsers), rules);
    if (admission !== "admitted") return admission;
    if (message.text === "") return "empty";
    return rules.isBacklog ? "backlog" : "admitted";
  }

  return { sifted: messages.map((message) => ({ message, verdict: judge(message) })), anonymous: tally.counts };
}
