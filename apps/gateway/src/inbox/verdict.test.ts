import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createMessage } from "../testing/test-channel.test-support.ts";
import { createTestSettings } from "../testing/test-house.test-support.ts";
import type { InboxEntry } from "./entry.ts";
import { judgeEntry } from "./verdict.ts";

const clock = createManualClock();
const entry: InboxEntry = { seq: 1, state: "accepted", message: createMessage("m", {}, clock), acceptedAt: clock.now(), attempt: 0 };
const running = { ...entry, state: "running" } as const;

describe("judgeEntry", () => {
  it.each([
    ["a new message", entry, {}, 0, "go"],
    ["one as old as allowed", entry, {}, 86_400_000, "go"],
    ["one that is older", entry, {}, 86_400_001, { reason: "older than replay_max_age_secs", tellUser: false }],
    ["one from the future, after the clock was set back", entry, {}, -86_400_001, "go"],
    ["a stored answer", { ...entry, state: "delivering", attempt: 9 }, { interruptedTurns: "notify" }, 0, "go"],
    ["the third crash", { ...running, attempt: 3 }, {}, 0, "go"],
    ["the fourth crash", { ...running, attempt: 4 }, {}, 0, { reason: "interrupted 4 times", tellUser: true }],
    ["an interrupted turn that is not retried", { ...running, attempt: 1 }, { interruptedTurns: "notify" }, 0, { reason: "interrupted", tellUser: true }],
  ] as const)("decides on %s", (_title, given, dispatch, ageMs, verdict) => {
    expect(judgeEntry(given, createTestSettings(dispatch).dispatch, clock.now() + ageMs)).toEqual(verdict);
  });
});
