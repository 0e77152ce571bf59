import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { openRunningHouse } from "./house.ts";
import { LOST_ANSWER, type HousePeer } from "./peer.ts";
import { echoesOf, everybodySays, texts } from "./talk.ts";

/** As long as a platform may take nothing. */
const LONG_MS = 10 * 60_000;

/** Registers the tests in which the platform does not take an answer, or takes it and does not say so. */
export function refusalSuite(peer: HousePeer): void {
  const { path, refusals } = peer.sends;
  const target = { platform: peer.name, path };

  describe.each(refusals)(`when a send finds that ${peer.name} $title`, ({ fault, retryAfterMs = 0 }) => {
    it("the answer waits as long as it is asked to, and no later one overtakes it", async () => {
      const clock = createManualClock();
      const { platform, sandbox, ...house } = await openRunningHouse(peer, { clock });
      const refused = sandbox.faults.add({ ...target, times: 5, fault });
      const begunAt = clock.now();
      const said = await everybodySays(platform, 3, texts(3));
      await house.echoed(said);
      expect(refused.hits).toBe(5);
      expect(clock.now() - begunAt).toBeGreaterThanOrEqual(retryAfterMs);
      await house.stop();
      expect(platform.answers()).toEqual(echoesOf(said));
    });

    it("the answer waits as long as that lasts, and its own conversation with it, while others go on", async () => {
      const clock = createManualClock();
      const { platform, sandbox, steps, ...house } = await openRunningHouse(peer, { clock });
      const refused = sandbox.faults.add({ ...target, times: "always", fault });
      const said = await everybodySays(platform, 1, ["before"]);
      await house.wait(refused.struck);
      await house.wait(clock.sleep(LONG_MS));
      const [behind, ...others] = await everybodySays(platform, 20, ["meanwhile"]);
      await house.wait(steps.until(() => others.every(({ id }) => steps.idsAt("replied").includes(id))));
      expect(steps.idsAt("agent-started")).not.toContain(behind?.id);

      refused.release();
      said.push(...(behind === undefined ? [] : [behind]), ...others);
      await house.echoed(said);
      await house.stop();
      expect(platform.answers()).toEqual(echoesOf(said));
    });
  });

  describe(`when ${peer.name} does not say what became of a send`, () => {
    it("its text shows once, and the next answers follow", async () => {
      const { platform, sandbox, ...house } = await openRunningHouse(peer, { clock: createManualClock() });
      platform.showRepeats();
      const lost = sandbox.faults.add({ ...target, fault: LOST_ANSWER });
      const said = await everybodySays(platform, 1, texts(3));
      await house.echoed(said);
      expect(lost.hits).toBe(1);
      await house.stop();
      expect(platform.answers()).toEqual(echoesOf(said));
    });
  });
}
