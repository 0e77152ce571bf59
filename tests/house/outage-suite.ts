import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createGatedAgent } from "./agents.ts";
import { openHouse, openRunningHouse } from "./house.ts";
import type { HousePeer } from "./peer.ts";
import { bringLater, echoesOf, everybodySays } from "./talk.ts";

/** As long as an outage lasts. */
const LONG_MS = 10 * 60_000;

/** Registers the tests in which the platform cannot be reached, or will not have us, for ten minutes. */
export function outageSuite(peer: HousePeer): void {
  describe.each(peer.outages)(`while ${peer.name} $title`, (outage) => {
    it("the gateway starts all the same, keeps trying, and works as soon as that is over", async () => {
      const clock = createManualClock();
      const { platform, ...house } = await openHouse(peer, { clock });
      const { met, end } = await outage.begin(house.sandbox);
      await house.start();
      await house.wait(met);
      await house.wait(clock.sleep(LONG_MS));
      expect(house.snapshot().state).toBe("running");

      await end();
      await house.wait(platform.connected());
      const said = await everybodySays(platform, 2, ["first", "second"]);
      await house.echoed(said);
      await house.stop();
      expect(platform.answers()).toEqual(echoesOf(said));
    });

    it("nothing is lost or repeated of what is asked before, meanwhile and afterwards", async () => {
      const clock = createManualClock();
      const agent = createGatedAgent();
      const { platform, ...house } = await openRunningHouse(peer, { clock, agent });
      const said = await everybodySays(platform, 2, ["before"]);
      await house.wait(house.steps.until(() => house.steps.idsAt("agent-started").length === 2));

      const { met, end } = await outage.begin(house.sandbox);
      await house.wait(met);
      agent.release();
      const meanwhile = await everybodySays(platform, 2, ["meanwhile"]);
      await house.wait(clock.sleep(LONG_MS));
      await end();
      await house.wait(platform.connected());
      await house.wait(bringLater(peer, platform, meanwhile));
      said.push(...meanwhile, ...(await everybodySays(platform, 2, ["afterwards"])));
      await house.echoed(said);
      await house.stop();
      expect(platform.answers()).toEqual(echoesOf(said));
    });
  });
}
