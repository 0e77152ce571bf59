import type { DispatchSettings } from "../config/settings.ts";
import type { InboxEntry } from "./entry.ts";

/** What becomes of an entry whose turn has come: on with it, or an end with a reason. */
export type Verdict = "go" | { readonly reason: string; readonly tellUser: boolean };

/** A message whose turn ended so often with the process is taken for the cause. */
const MAX_CRASHED_ATTEMPTS = 3;

/** Decides on an entry that may have waited long, or through a restart. */
export function judgeEntry({ state, attempt, acceptedAt }: InboxEntry, settings: DispatchSettings, now: number): Verdict {
  if (now - acceptedAt > settings.replayMaxAgeMs) return { reason: "older than replay_max_age_secs", tellUser: false };
  if (state !== "running") return "go";
  if (settings.interruptedTurns === "notify") return { reason: "interrupted", tellUser: true };
  return attempt > MAX_CRASHED_ATTEMPTS ? { reason: `interrupted ${attempt} times`, tellUser: true } : "go";
}
