import { describe, expect, it } from "vitest";
import { openHouse } from "../house/house.ts";
import { echoesOf, everybodySays } from "../house/talk.ts";
import { KINDS } from "./kinds.ts";
import { PEERS } from "./peers.ts";
import { throughProxy } from "./through-proxy.ts";
import { createTimedClock } from "./timed-clock.ts";

/** A proxy may take 10 s to open a way, and the clock runs a little ahead of what sockets tell. */
const LATEST_MS = 15_000;

describe.each(KINDS)("%s that takes connections and says nothing", (_kind, startProxy) => {
  it.each(PEERS)("is given up by $peer.name after ten seconds and tried again, not gone around, until it speaks (GW-09, fault 6, $rows)", async ({ peer, callsOnlyToAnswer }) => {
    const { clock, stopTimers } = createTimedClock();
    const proxy = await startProxy();
    proxy.behave("hang");
    const { peer: proxied, arrivals } = throughProxy(peer, () => proxy);
    const { platform, ...house } = await openHouse(proxied, { clock });
    await house.start();
    if (callsOnlyToAnswer) await house.wait(platform.connected());
    const said = callsOnlyToAnswer ? await everybodySays(platform, 1, ["while it hangs"]) : [];
    for (let turn = 0; turn < 3; turn += 1) {
      const { gone } = await house.wait(proxy.nextVictim());
      const hungAt = clock.monotonic();
      await house.wait(gone);
      expect(clock.monotonic() - hungAt).toBeLessThan(LATEST_MS);
    }
    const { channels } = house.snapshot();
    if (!callsOnlyToAnswer) expect(channels[0]?.status.lastError).toMatch(/ proxy (?:http|socks5):\/\/\*\*\*@127\.0\.0\.1:\d+: no answer within \d+ ms/);
    for (const secret of proxy.secrets) expect(JSON.stringify(channels)).not.toContain(secret);
    expect(arrivals().count).toBe(0);

    stopTimers();
    proxy.behave("serve");
    proxy.cut();
    await house.wait(platform.connected());
    said.push(...(await everybodySays(platform, 1, ["afterwards"])));
    await house.echoed(said);
    await house.stop();
    expect(platform.answers()).toEqual(echoesOf(said));
    expect(arrivals().besides(proxy)).toBe(0);
  });
});
