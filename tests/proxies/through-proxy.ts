import type { HousePeer } from "../house/peer.ts";
import type { TestProxy } from "../support/proxy-server.ts";
import { watchArrivals, type Arrivals } from "./arrivals.ts";

/** A peer behind a proxy, and who came to its platform. */
export interface ProxiedPeer {
  readonly peer: HousePeer;
  /** At the platform of the test that runs. */
  readonly arrivals: () => Arrivals;
}

/**
 * Gives a peer's channel a proxy of its own. The platform is on loopback: whoever goes around the proxy gets there as well, and is seen.
 *
 * @param proxy - the proxy of the test that runs.
 */
export function throughProxy(peer: HousePeer, proxy: () => TestProxy): ProxiedPeer {
  let arrivals: Arrivals | undefined;
  return {
    peer: {
      ...peer,
      platformIn(sandbox) {
        arrivals = watchArrivals(Number(new URL(sandbox.url).port));
        const platform = peer.platformIn(sandbox);
        const { url, secrets } = proxy();
        return {
          ...platform,
          sections: (pollMs) => Object.fromEntries(Object.entries(platform.sections(pollMs)).map(([name, section]) => [name, { ...(section as object), proxyUrl: url }])),
          secrets: [...platform.secrets, ...secrets],
        };
      },
    },
    arrivals() {
      if (arrivals === undefined) throw new TypeError("no house was opened");
      return arrivals;
    },
  };
}
