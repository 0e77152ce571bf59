import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createGatedAgent } from "./agents.ts";
import { openRunningHouse } from "./house.ts";
import type { HousePeer, Said } from "./peer.ts";
import { bringLater, echoesOf, everybodySays, redeliverAll, texts } from "./talk.ts";

/** Past every window of half an hour. */
const LATER_MS = 31 * 60_000;

/** Registers the tests in which a platform delivers more than it should, or something else. */
export function deliverySuite(peer: HousePeer): void {
  describe(`what ${peer.name} delivers`, () => {
    it("is answered once, though every message comes again while the agent works on it", async () => {
      const agent = createGatedAgent();
      const { platform, steps, ...house } = await openRunningHouse(peer, { agent });
      const said: Said[] = [];
      for (const words of texts(3)) {
        said.push(...(await everybodySays(platform, 4, [words])));
        await steps.until(() => steps.idsAt("accepted").length === said.length);
        await redeliverAll(platform, said);
      }
      agent.release();
      said.push(...(await everybodySays(platform, 4, ["the last word"])));
      await house.echoed(said);
      await house.stop();
      expect(platform.answers()).toEqual(echoesOf(said));
    });

    it("is not answered again when it comes again minutes later, 31 minutes later, and after a restart as late", async () => {
      const clock = createManualClock();
      const { platform, ...house } = await openRunningHouse(peer, { clock });
      const said = await everybodySays(platform, 2, texts(3));
      await house.echoed(said);
      for (const waitMs of [3 * 60_000, LATER_MS]) {
        await house.wait(clock.sleep(waitMs));
        await redeliverAll(platform, said);
        said.push(...(await everybodySays(platform, 2, [`a word ${waitMs} ms later`])));
        await house.echoed(said.slice(-2));
      }
      await house.stop();
      await house.wait(clock.sleep(LATER_MS));
      await house.start();
      await house.wait(platform.connected());
      await redeliverAll(platform, said);
      said.push(...(await everybodySays(platform, 2, ["the last word"])));
      await house.echoed(said.slice(-2));
      await house.stop();
      expect(platform.answers()).toEqual(echoesOf(said));
    });

    it.each(peer.malformed)("does no harm where it is $title", async ({ deliver }) => {
      const { platform, ...house } = await openRunningHouse(peer, { clock: createManualClock() });
      const said = await everybodySays(platform, 2, ["before"]);
      const delivered = Promise.resolve(deliver(house.sandbox));
      const after = await everybodySays(platform, 2, ["after"]);
      said.push(...after);
      await house.wait(delivered);
      await house.wait(bringLater(peer, platform, after));
      await house.echoed(said);
      expect(house.snapshot().channels).toMatchObject([{ status: { state: "connected" } }]);
      await house.stop();
      expect(platform.answers()).toEqual(echoesOf(said));
    });
  });
}
