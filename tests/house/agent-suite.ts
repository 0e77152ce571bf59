import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { moodyAgent } from "./agents.ts";
import { openRunningHouse } from "./house.ts";
import type { HousePeer } from "./peer.ts";
import { everybodySays } from "./talk.ts";

/** Registers the tests in which the agent does not do its part. */
export function agentSuite(peer: HousePeer): void {
  describe(`users of ${peer.name}`, () => {
    it("hear that the agent failed or hangs, and get the answers to what comes after", async () => {
      const { platform, ...house } = await openRunningHouse(peer, { clock: createManualClock(), agent: moodyAgent, dispatch: { idleTimeoutMs: 300_000 } });
      const said = await everybodySays(platform, 2, ["throw", "hello", "hang", "say nothing", "good night"]);
      await house.echoed(said.filter(({ text }) => text.startsWith("good night")));
      await house.stop();
      const answersTo = (user: number): unknown[] => [
        expect.stringMatching(/^⚠️ Something went wrong\. Please try again\. \(ref \w+\)$/),
        `hello of user ${user}`,
        "⚠️ Request timed out while waiting for the model. Please try again.",
        `good night of user ${user}`,
      ];
      expect(platform.answers()).toEqual(new Map([["user-1", answersTo(1)], ["user-2", answersTo(2)]]));
    });
  });
}
