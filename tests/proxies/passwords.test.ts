import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { openHouse } from "../house/house.ts";
import { KINDS } from "./kinds.ts";
import { PEERS } from "./peers.ts";
import { throughProxy } from "./through-proxy.ts";

describe.each(KINDS)("a proxy_url with a wrong password of %s", (_kind, startProxy) => {
  // What calls only to answer has no connection whose status could say so.
  it.each(PEERS.filter(({ callsOnlyToAnswer }) => !callsOnlyToAnswer))("has $peer.name back off and say so, without a word of either (GW-09, fault 6, $rows)", async ({ peer }) => {
    const proxy = await startProxy();
    proxy.want("another password");
    const { peer: proxied, arrivals } = throughProxy(peer, () => proxy);
    const house = await openHouse(proxied, { clock: createManualClock() });
    await house.start();
    for (let turn = 0; turn < 3; turn += 1) await house.wait(proxy.nextVictim());
    const { channels } = house.snapshot();
    expect(channels).toMatchObject([{ name: peer.name, status: { state: "backoff" } }]);
    expect(channels[0]?.status.lastError).toMatch(/proxy (?:http|socks5):\/\/\*\*\*@127\.0\.0\.1:\d+: refuses the credentials.*check the user and password of the proxy URL/);
    for (const secret of proxy.secrets) expect(JSON.stringify(channels)).not.toContain(secret);
    await house.stop();
    expect(arrivals().count).toBe(0);
    expect(proxy.targets).toEqual([]);
  });
});
