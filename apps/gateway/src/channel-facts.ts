import { maskProxy, type ProxyChoice } from "@revka/core";
import type { ConfiguredSection } from "./config/loaded-config.ts";
import type { ProxyFor } from "./config/proxy-policy.ts";

/** What an operator wants to see of a configured channel. Nothing here is secret. */
export interface ChannelFacts {
  readonly mode: string;
  /** `"direct"`, or the proxy without its credentials. */
  readonly proxy: string;
  /** How many may write; `"*"` is everybody. Absent where the channel has no allowlist. */
  readonly allowedUsers?: number | "*";
}

/** Stands for a platform of which neither section nor definition says where it is: every real one is reached over https. */
const SOME_PLATFORM = new URL("https://platform.invalid");

/** Which way a channel reaches its platform. */
export function wayOf({ section, proxy, platformUrl = SOME_PLATFORM }: ConfiguredSection, proxyFor: ProxyFor): ProxyChoice {
  return proxy ?? proxyFor(section.name, platformUrl);
}

/** The facts of one channel. */
export function factsOf(configured: ConfiguredSection, proxyFor: ProxyFor): ChannelFacts {
  const { section, allowedUsers } = configured;
  const allowed = allowedUsers?.includes("*") === true ? "*" : allowedUsers?.length;
  return { mode: section.receiveMode, proxy: maskProxy(wayOf(configured, proxyFor)), ...(allowed !== undefined && { allowedUsers: allowed }) };
}
