import { maskProxy } from "@revka/core";
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

/** The facts of one channel. */
export function factsOf({ section, allowedUsers, proxy }: ConfiguredSection, proxyFor: ProxyFor): ChannelFacts {
  // Which host it talks to is the channel's matter; every platform's real one is reached over https.
  const choice = proxy ?? proxyFor(section.name, new URL("https://platform.invalid"));
  const allowed = allowedUsers?.includes("*") === true ? "*" : allowedUsers?.length;
  return { mode: section.receiveMode, proxy: maskProxy(choice), ...(allowed !== undefined && { allowedUsers: allowed }) };
}
