import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { channelContract, checksFor } from "./channel-contract.ts";
import type { ContractDescriptor } from "./contract-subject.ts";
import { describeLoopback, type Defect } from "./loopback.test-support.ts";

channelContract(describeLoopback());
channelContract(describeLoopback({ receives: false }));

/** The titles of the checks that a channel does not pass, or does not get through. */
async function failuresOf(descriptor: ContractDescriptor): Promise<string[]> {
  const failures: string[] = [];
  for (const { title, run } of checksFor(descriptor)) {
    const outcome = await Promise.race([
      run(descriptor).then(
        () => "passed",
        () => "failed",
      ),
      someTurns(),
    ]);
    if (outcome !== "passed") failures.push(title);
  }
  return failures;
}

async function someTurns(): Promise<string> {
  for (let turn = 0; turn < 50; turn += 1) await setImmediate();
  return "hangs";
}

describe("channelContract", () => {
  it.each<readonly [Defect, RegExp]>([
    ["admits everybody", /empty allowlist/],
    ["admits everybody", /listed user/],
    ["forgets what it saw", /once, however often/],
    ["acks at once", /host cannot keep it/],
    ["marks before the host has it", /host cannot keep it/],
    ["complains twice", /cannot read/],
    ["dies of garbage", /cannot read/],
    ["hears itself", /own words/],
    ["stays connected", /nothing left open/],
    ["leaves undefined in messages", /plain JSON/],
    ["ends listen by itself", /plain JSON/],
    ["logs its token", /delivers a text/],
    ["shows its token in errors", /AuthError where/],
    ["calls a refusal transient", /AuthError where/],
    ["hides a refusal", /says that it failed/],
    ["repeats a lost send", /answer was lost/],
    ["sends after an abort", /sends nothing/],
    ["cuts too late", /pieces that fit/],
  ])("notices a channel that %s: %s", async (defect, title) => {
    expect(await failuresOf(describeLoopback({ defects: [defect] }))).toContainEqual(expect.stringMatching(title));
  });

  it("notices a channel that receives though it says that it does not", async () => {
    const failures = await failuresOf({ ...describeLoopback(), receives: false });
    expect(failures).toContainEqual(expect.stringMatching(/facts about itself/));
  });

  it("asks nothing that the descriptor leaves out", () => {
    const titles = checksFor({ ...describeLoopback(), echoes: false, faults: [] }).map(({ title }) => title);
    expect(titles.filter((title) => /own words|AuthError|RateLimitError|answer was lost/.test(title))).toEqual([]);
  });
});
