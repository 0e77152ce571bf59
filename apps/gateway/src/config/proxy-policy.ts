import { createProxyPolicy, type ProxyChoice } from "@revka/core";
import type { ProxySettings } from "./settings.ts";

/** Which way a channel reaches a URL; a channel's own `proxy_url` goes before this. */
export type ProxyFor = (instance: string, url: URL) => ProxyChoice;

/** The one decision for all channels, from `[proxy]` and the environment. Loopback is always reached directly. */
export function createProxyFor(settings: ProxySettings): ProxyFor {
  if (!settings.enabled) return () => "direct";
  const { httpProxy, httpsProxy, allProxy, noProxy } = settings;
  const policy = createProxyPolicy({
    noProxy,
    ...(httpProxy !== undefined && { httpProxy }),
    ...(httpsProxy !== undefined && { httpsProxy }),
    ...(allProxy !== undefined && { allProxy }),
  });
  return (instance, url) => (isServed(settings, `channel.${instance}`) ? policy(url) : "direct");
}

function isServed({ scope, services }: ProxySettings, service: string): boolean {
  return scope !== "services" || services.some((entry) => entry === service || entry === "channel.*");
}
