import { afterEach, beforeEach, describe, expect } from "vitest";
import { outageSuite } from "../house/outage-suite.ts";
import type { TestProxy } from "../support/proxy-server.ts";
import { KINDS } from "./kinds.ts";
import { PEERS } from "./peers.ts";
import { proxyOutages } from "./proxy-outages.ts";
import { throughProxy } from "./through-proxy.ts";

describe.each(KINDS)("%s in trouble", (_kind, startProxy) => {
  describe.each(PEERS)("of $peer.name (GW-09, fault 6, $rows)", ({ peer, callsOnlyToAnswer }) => {
    let proxy: TestProxy;
    const { peer: proxied, arrivals } = throughProxy({ ...peer, outages: proxyOutages(() => proxy, callsOnlyToAnswer) }, () => proxy);
    beforeEach(async () => {
      proxy = await startProxy();
    });
    // Going directly would end every trouble.
    afterEach(() => expect(arrivals().besides(proxy)).toBe(0));

    outageSuite(proxied);
  });
});
