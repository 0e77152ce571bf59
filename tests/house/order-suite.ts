import { describe, expect, it } from "vitest";
import { createGatedAgent } from "./agents.ts";
import { openRunningHouse } from "./house.ts";
import type { HousePeer } from "./peer.ts";
import { echoesOf, everybodySays } from "./talk.ts";

/** Registers the tests of what waits for what. */
export function orderSuite(peer: HousePeer): void {
  describe(`conversations on ${peer.name}`, () => {
    it("keep their order behind a slow message, and do not wait for one another", async () => {
      const agent = createGatedAgent((text) => text === "slow of user 1");
      const { platform, ...house } = await openRunningHouse(peer, { agent });
      const said = await everybodySays(platform, 3, ["slow", "quick", "last"]);
      const others = said.filter(({ userId }) => userId !== "user-1");
      await house.echoed(others);
      expect(platform.answers()).toEqual(echoesOf(others));

      agent.release();
      await house.echoed(said.filter((message) => !others.includes(message)));
      await house.stop();
      expect(platform.answers()).toEqual(echoesOf(said));
    });
  });
}
