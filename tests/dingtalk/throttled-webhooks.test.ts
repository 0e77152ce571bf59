import { createManualClock } from "@revka/core/testing";
import { expect, it } from "vitest";
import { openRunningHouse } from "../house/house.ts";
import { everybodySays } from "../house/talk.ts";
import { dingtalkPeer } from "../peers/dingtalk-peer.ts";

const USERS = 40;

it("answers others at once while many conversations rest because they were too fast", async () => {
  const clock = createManualClock();
  const { platform, sandbox: { dingtalk }, ...house } = await openRunningHouse(dingtalkPeer, { clock });
  dingtalk.refuse(130101, 2 * USERS); // each is refused twice, and rests for ten minutes then
  const said = await everybodySays(platform, USERS, ["hello"]);
  await house.wait(clock.sleep(180_000));
  expect(dingtalk.sent).toEqual([]);

  const askedAt = clock.now();
  dingtalk.say("somebody else", "hello");
  await house.wait(dingtalk.nextReply("somebody else"));
  expect(clock.now() - askedAt).toBeLessThan(10_000);
  await house.echoed(said);
  await house.stop();
});
