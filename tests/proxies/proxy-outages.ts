import type { Outage } from "../house/peer.ts";
import type { TestProxy } from "../support/proxy-server.ts";

/** Less than any answer: headers are cut in two. */
const LIMIT_BYTES = 60;

/** What can go wrong with a proxy, by what an operator would say of it. */
export interface ProxyTrouble {
  /** After "a proxy that": `"is not there"`. */
  readonly title: string;
  /** Old connections end, and new ones come to nothing. */
  readonly begin: (proxy: TestProxy) => void | Promise<void>;
  readonly end: (proxy: TestProxy) => void | Promise<void>;
  /** It knows nothing of whom it keeps waiting. */
  readonly isBlind?: true;
}

/** Each is noticed at once. A proxy that hangs is another story. */
export const TROUBLES: readonly ProxyTrouble[] = [
  { title: "wants another password", begin: (proxy) => proxy.want("another password"), end: (proxy) => proxy.want() },
  { title: "refuses every connection", begin: (proxy) => proxy.behave("refuse"), end: (proxy) => proxy.behave("serve") },
  { title: "closes every connection in the middle of an answer", begin: (proxy) => proxy.limit(LIMIT_BYTES), end: (proxy) => proxy.limit(Infinity) },
  { title: "is not there", begin: (proxy) => proxy.leave(), end: (proxy) => proxy.comeBack(), isBlind: true },
];

/**
 * The same as outages of the platform behind the proxy.
 *
 * @param proxy - the proxy of the test that runs.
 * @param isUnmet - channels of the platform may not notice for a long time.
 */
export function proxyOutages(proxy: () => TestProxy, isUnmet = false): readonly Outage[] {
  return TROUBLES.map(({ title, begin, end, isBlind }) => ({
    title: `has a proxy that ${title}`,
    async begin() {
      const met = isUnmet || isBlind ? Promise.resolve() : proxy().nextVictim();
      await begin(proxy());
      proxy().cut();
      return { met, end: () => end(proxy()) };
    },
  }));
}
