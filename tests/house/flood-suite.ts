import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createGatedAgent } from "./agents.ts";
import { openRunningHouse } from "./house.ts";
import type { HousePeer, Said } from "./peer.ts";
import type { Steps } from "./steps.ts";
import { echoesOf, everybodySays, texts } from "./talk.ts";

const QUEUE_FULL = "⚠️ Too many messages are waiting, so your last one was not taken. Please send it again later.";
const TOO_FAST = "⚠️ That was too many messages in one minute, so your last one was not taken. Please wait a little and send it again.";

/** What each of thirty users writes: in all less than what a pushed channel has in hand before it leaves messages to the platform. */
const FLOOD = texts(8);

/** What bounds one conversation, and what is taken of twice twenty messages, a minute apart, that are not answered meanwhile. */
const BOUNDS = [
  { title: "may wait in it", dispatch: { queueCap: 5 }, takenCount: 6, notice: QUEUE_FULL },
  { title: "its sender may write in a minute", dispatch: { senderLimitPerMinute: 5 }, takenCount: 10, notice: TOO_FAST },
] as const;

/** Registers the tests in which more comes than can be answered at once. */
export function floodSuite(peer: HousePeer): void {
  describe(`a flood from ${peer.name}`, () => {
    it("is all on disk before the agent has answered the first message", async () => {
      const agent = createGatedAgent();
      const { platform, steps, ...house } = await openRunningHouse(peer, { agent });
      const said = await everybodySays(platform, 30, FLOOD);
      await steps.until(() => steps.idsAt("accepted").length === said.length);
      expect(steps.idsAt("replied")).toEqual([]);

      agent.release();
      await house.echoed(said);
      await house.stop();
      expect(platform.answers()).toEqual(echoesOf(said));
    });

    it("never fills the house beyond queue_total, and is answered or refused in the open", async () => {
      const agent = createGatedAgent();
      const { platform, steps, ...house } = await openRunningHouse(peer, { agent, dispatch: { queueTotal: 40 } });
      const said = await everybodySays(platform, 30, FLOOD);
      await steps.until(() => steps.idsAt("accepted").length === 40);
      agent.release();
      await steps.until(() => steps.idsAt("accepted").length + steps.idsAt("overflow").length === said.length);
      const taken = takenOf(said, steps);
      const refused = said.filter((message) => !taken.includes(message));
      await house.echoed([...taken, ...refused.map(({ id, userId }) => ({ id, userId, text: QUEUE_FULL }))]);
      await house.stop();
      expect(house.peak()).toBe(40);
      expect(withoutNotices(platform.answers())).toEqual(echoesOf(taken));
    });

    it.each(BOUNDS)("is refused beyond what $title, with one notice a minute", async ({ dispatch, takenCount, notice }) => {
      const clock = createManualClock();
      const agent = createGatedAgent();
      const { platform, steps, ...house } = await openRunningHouse(peer, { clock, agent, dispatch });
      const said: Said[] = [];
      for (const words of ["early", "late"]) {
        said.push(...(await everybodySays(platform, 1, texts(20, words))));
        await house.wait(steps.until(() => steps.idsAt("accepted").length + steps.idsAt("overflow").length === said.length));
        expect(await house.wait(platform.nextAnswer("user-1"))).toBe(notice);
        await house.wait(clock.sleep(61_000));
      }
      agent.release();
      await house.echoed(takenOf(said, steps));
      await house.stop();
      const echoes = takenOf(said, steps).map(({ text }) => text);
      expect(echoes).toHaveLength(takenCount);
      expect(platform.answers().get("user-1")).toEqual([notice, notice, ...echoes]);
    });
  });
}

/** What was not refused. */
function takenOf(said: readonly Said[], steps: Steps): readonly Said[] {
  const refused = new Set(steps.idsAt("overflow"));
  return said.filter(({ id }) => !refused.has(id));
}

/** Users who got nothing but notices are not in it. */
function withoutNotices(answers: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> {
  const echoes = [...answers].map(([userId, posted]) => [userId, posted.filter((text) => text !== QUEUE_FULL)] as const);
  return new Map(echoes.filter(([, posted]) => posted.length > 0));
}
