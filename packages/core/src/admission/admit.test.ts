import { describe, expect, it } from "vitest";
import { admit, type Admission, type AdmitRules, type Envelope } from "./admit.ts";
import { createDedup } from "./dedup.ts";
import { createManualClock } from "../testing/manual-clock.ts";

const direct: Envelope = { messageId: "m-1", senderIds: ["u-1"], isOwn: false, isDirect: true, mentionsBot: true };
const inGroup: Envelope = { ...direct, isDirect: false, mentionsBot: false };
const everybody: AdmitRules = { allowedUsers: ["*"] };

function dedupWith(...ids: string[]): NonNullable<AdmitRules["dedup"]> {
  const dedup = createDedup({ maxCount: 10, clock: createManualClock() });
  for (const id of ids) dedup.add(id);
  return dedup;
}

describe("admit", () => {
  it.each<[string, Envelope, AdmitRules, Admission]>([
    ["a listed sender", direct, { allowedUsers: ["u-1"] }, "admitted"],
    ["a stranger", direct, { allowedUsers: ["u-2"] }, "denied"],
    ["the bot's own words", { ...direct, isOwn: true }, everybody, "own"],
    ["a message that was seen", direct, { ...everybody, dedup: dedupWith("m-1") }, "duplicate"],
    ["a message that was not seen", direct, { ...everybody, dedup: dedupWith("m-0") }, "admitted"],
    ["a group's message that mentions nobody", inGroup, everybody, "admitted"],
    ["the same where a mention is needed (GW-27)", inGroup, { ...everybody, mentionOnly: true }, "not-addressed"],
    ["a mention in a group (GW-27)", { ...inGroup, mentionsBot: true }, { ...everybody, mentionOnly: true }, "admitted"],
    ["a direct message without mention (GW-27)", { ...direct, mentionsBot: false }, { ...everybody, mentionOnly: true }, "admitted"],
  ])("judges %s", (...[, envelope, rules, expected]) => {
    expect(admit(envelope, rules)).toBe(expected);
  });

  it("asks in the order own, addressed, allowlist, dedup", () => {
    const rules: AdmitRules = { allowedUsers: [], mentionOnly: true, dedup: dedupWith("m-1") };
    const worst = { ...inGroup, isOwn: true };
    expect(admit(worst, rules)).toBe("own");
    expect(admit({ ...worst, isOwn: false }, rules)).toBe("not-addressed");
    expect(admit({ ...worst, isOwn: false, mentionsBot: true }, rules)).toBe("denied");
    expect(admit({ ...worst, isOwn: false, mentionsBot: true }, { ...rules, allowedUsers: ["u-1"] })).toBe("duplicate");
  });

  it("leaves the dedup set as it was, for strangers and friends alike", () => {
    const dedup = dedupWith();
    admit(direct, { ...everybody, dedup });
    admit(direct, { allowedUsers: [], dedup });
    expect(dedup.size).toBe(0);
  });
});
