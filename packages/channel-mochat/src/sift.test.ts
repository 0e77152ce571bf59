import { createDedup, systemClock } from "@revka/core";
import { describe, expect, it } from "vitest";
import { sift, type SiftRules, type Verdict } from "./sift.ts";
import type { MochatMessage } from "./wire.ts";

function rulesOf(overrides: Partial<SiftRules> = {}): SiftRules {
  const dedup = createDedup({ maxCount: 10, clock: systemClock });
  return { allowedUsers: ["*"], ignoreUsers: [], dedup, anonymousBefore: new Map(), isBacklog: false, ...overrides };
}
function verdicts(messages: readonly MochatMessage[], overrides: Partial<SiftRules> = {}): Verdict[] {
  return sift(messages, rulesOf(overrides)).sifted.map(({ verdict }) => verdict);
}
const from = (sender: string, id?: string, text = "hi"): MochatMessage => ({ id, sender, text });

describe("sift", () => {
  it.each([
    ["nobody with an empty list (MOCHAT-14)", [], ["denied", "denied", "denied"]],
    ["everybody with a star (MOCHAT-15)", ["*"], ["admitted", "admitted", "admitted"]],
    ["everybody with a star beside others (MOCHAT-15)", ["u-9", "*"], ["admitted", "admitted", "admitted"]],
    ["only those listed, to the letter (MOCHAT-16)", ["u-1", "88"], ["admitted", "denied", "admitted"]],
  ])("admits %s", (_title, allowedUsers, expected) => {
    expect(verdicts([from("u-1", "1"), from("U-1", "2"), from("88", "3")], { allowedUsers })).toEqual(expected);
  });

  it("admits a sender without a name only by a star or by the literal unknown (MOCHAT-29)", () => {
    const message = from("unknown", "1");
    expect([["u-1"], ["*"], ["unknown"]].map((allowedUsers) => verdicts([message], { allowedUsers })[0])).toEqual(["denied", "admitted", "admitted"]);
  });

  it("tells duplicates of earlier pages and of the same page (MOCHAT-20)", () => {
    const dedup = createDedup({ maxCount: 10, clock: systemClock });
    dedup.add("1");
    expect(verdicts([from("u-1", "1"), from("u-1", "2"), from("u-1", "2")], { dedup })).toEqual(["duplicate", "admitted", "duplicate"]);
    expect(dedup.size).toBe(1);
  });

  it("drops ignored users and messages without text", () => {
    expect(verdicts([from("bot", "1"), from("u-1", "2", "")], { ignoreUsers: ["bot"] })).toEqual(["own", "empty"]);
  });

  it("delivers nothing of a backlog that is to be skipped", () => {
    expect(verdicts([from("u-1", "1"), from("u-2", "2")], { isBacklog: true, allowedUsers: ["u-1"] })).toEqual(["backlog", "denied"]);
  });

  it("lets a repeated message without an id through once, and a second one as well", () => {
    const first = sift([from("u-1")], rulesOf());
    const second = sift([from("u-1"), from("u-1")], rulesOf({ anonymousBefore: first.anonymous }));
    expect(first.sifted.map(({ verdict }) => verdict)).toEqual(["admitted"]);
    expect(second.sifted.map(({ verdict }) => verdict)).toEqual(["duplicate", "admitted"]);
  });
});
