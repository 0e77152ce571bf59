import { createProxyFor, type ProxyFor } from "./config/proxy-policy.ts";
import type { Settings } from "./config/settings.ts";

/** The settings that hold now: a reload puts others in their place, and whoever asks next goes by those. */
export interface LiveSettings {
  readonly current: Settings;
  /** Which way a service reaches a URL. */
  readonly proxyFor: ProxyFor;
  replace(next: Settings): void;
}

/** Settings that can be replaced. */
export function createLiveSettings(first: Settings): LiveSettings {
  let current = first;
  let proxyFor = createProxyFor(first.proxy);
  return {
    get current() {
      return current;
    },
    proxyFor: (service, url) => proxyFor(service, url),
    replace(next) {
      current = next;
      proxyFor = createProxyFor(next.proxy);
    },
  };
}
