import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createGatedAgent } from "./agents.ts";
import { openRunningHouse, type House } from "./house.ts";
import type { HousePeer, Said } from "./peer.ts";
import { echoesOf, everybodySays, texts } from "./talk.ts";

/** What bounds one conversation: of twice twenty messages a minute apart, so many are taken. */
const BOUNDS = [
  { title: "waits in its queue", dispatch: { queueCap: 5 }, taken: 6, notice: "Too many messages are waiting" },
  { title: "its sender may write in a minute", dispatch: { senderLimitPerMinute: 5 }, taken: 10, notice: "too many messages in one minute" },
] as const;

/** Registers the tests in which more comes than can be answered at once. */
export function floodSuite(peer: HousePeer): void {
  describe(`a flood from ${peer.name}`, () => {
    it("is all on disk before the agent has answered the first message", async () => {
      const agent = createGatedAgent();
      const { platform, steps, ...house } = await openRunningHouse(peer, { agent });
      const said = await everybodySays(platform, 30, texts(10));
      await steps.until(() => steps.idsAt("accepted").length === said.length);
      expect(steps.idsAt("replied")).toEqual([]);

      agent.release();
      await house.echoed(said);
      await house.stop();
      expect(platform.answers()).toEqual(echoesOf(said));
    });

    it("never fills the house beyond queue_total, and is answered or refused in the open", async () => {
      const agent = createGatedAgent();
      const house = await openRunningHouse(peer, { agent, dispatch: { queueTotal: 40 } });
      const { platform, steps } = house;
      const said = await everybodySays(platform, 30, texts(10));
      await steps.until(() => steps.idsAt("accepted").length === 40);
      agent.release();
      await steps.until(() => steps.idsAt("accepted").length + steps.idsAt("overflow").length === said.length);
      await house.echoed(takenOf(said, house));
      await house.stop();
      expect(house.peak()).toBe(40);
      expect(echoesIn(platform.answers())).toEqual(echoesOf(takenOf(said, house)));
      expect(usersIn(platform.answers())).toEqual(new Set(said.map(({ userId }) => userId)));
    });

    it.each(BOUNDS)("is refused beyond what $title, with one notice a minute", async ({ dispatch, taken, notice }) => {
      const clock = createManualClock();
      const agent = createGatedAgent();
      const house = await openRunningHouse(peer, { clock, agent, dispatch });
      const { platform, steps } = house;
      const said: Said[] = [];
      for (const words of ["early", "late"]) {
        said.push(...(await everybodySays(platform, 1, texts(20, words))));
        await house.wait(steps.until(() => steps.idsAt("accepted").length + steps.idsAt("overflow").length === said.length));
        expect(await house.wait(platform.nextAnswer("user-1"))).toContain(notice);
        await house.wait(clock.sleep(61_000));
      }
      agent.release();
      await house.echoed(takenOf(said, house));
      await house.stop();
      const echoes = takenOf(said, house).map(({ text }) => text);
      expect(echoes).toHaveLength(taken);
      expect(platform.answers().get("user-1")).toEqual([expect.stringContaining(notice), expect.stringContaining(notice), ...echoes]);
    });
  });
}

/** What was not refused. */
function takenOf(said: readonly Said[], { steps }: House): readonly Said[] {
  const refused = new Set(steps.idsAt("overflow"));
  return said.filter(({ id }) => !refused.has(id));
}

/** The answers without the notices. */
function echoesIn(answers: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> {
  const echoes = [...answers].map(([userId, posted]) => [userId, posted.filter((text) => !text.startsWith("⚠️"))] as const);
  return new Map(echoes.filter(([, posted]) => posted.length > 0));
}

function usersIn(answers: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  return new Set(answers.keys());
}
