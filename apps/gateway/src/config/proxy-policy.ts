import { createProxyPolicy, type ProxyChoice } from "@revka/core";
import type { ProxySettings } from "./settings.ts";

/** Which way a channel, or another service such as `"transcription.groq"`, reaches a URL; a channel's own `proxy_url` goes before this. */
export type ProxyFor = (service: string, url: URL) => ProxyChoice;

/** The one decision for all traffic, from `[proxy]` and the environment. Loopback is always reached directly. */
export function createProxyFor(settings: ProxySettings): ProxyFor {
  if (!settings.enabled) return () => "direct";
  const { httpProxy, httpsProxy, allProxy, noProxy } = settings;
  const policy = createProxyPolicy({
    noProxy,
    ...(httpProxy !== undefined && { httpProxy }),
    ...(httpsProxy !== undefined && { httpsProxy }),
    ...(allProxy !== undefined && { allProxy }),
  });
  return (service, url) => (isServed(settings, service.includes(".") ? service : `channel.${service}`) ? policy(url) : "direct");
}

function isServed({ scope, services }: ProxySettings, service: string): boolean {
  const family = service.replace(/\..*$/s, ".*");
  return scope !== "services" || services.some((entry) => entry === service || entry === family);
}
