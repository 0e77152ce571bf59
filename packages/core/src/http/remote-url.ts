import { lookup as resolve } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { isPublicAddress } from "./public-address.ts";
import { bareHost } from "../dialling/proxy.ts";
import { redactUrl } from "../secrets/redact.ts";

/** What a URL from outside may be. */
export interface RemoteUrlRules {
  /**
   * Hosts whose addresses are not checked: the configured and the platform's own. A name, or `.suffix` for its
   * sub-domains. Needed because some proxies answer DNS with addresses that look private, and because self-hosted
   * servers have private ones.
   */
  readonly allowedHosts?: readonly string[];
}

/** A URL from outside that may not be fetched; the message says why and is fit for people. */
export class RemoteUrlRefusal extends TypeError {
  override readonly name = "RemoteUrlRefusal";
}

/** A URL from outside that has passed the guard. Only `checkRemoteUrl` makes one, and only such a one is fetched. */
export class RemoteUrl {
  readonly #url: URL;
  readonly rules: RemoteUrlRules;

  /** @throws RemoteUrlRefusal when the guard refuses the URL. */
  constructor(value: string | URL, rules: RemoteUrlRules) {
    this.#url = parseAllowed(value, rules);
    this.rules = rules;
  }

  get url(): URL {
    return new URL(this.#url);
  }
}

/**
 * Checks a URL that came from a chat, an agent or a platform's payload, by what can be seen in it: `http` or `https`,
 * no user or password, a default port or one from 1024, no address or name of a private network.
 *
 * What a name resolves to is checked when the connection is made. Through a proxy that is not possible: the proxy
 * resolves names, and only what this function sees is checked.
 *
 * @throws RemoteUrlRefusal that says why, without the URL's query.
 */
export function checkRemoteUrl(value: string | URL, rules: RemoteUrlRules = {}): RemoteUrl {
  return new RemoteUrl(value, rules);
}

/**
 * How the name of a checked URL is resolved: the connection goes to an address that was checked, so nobody can change
 * the name's answer in between. Undefined for a host whose addresses need no check.
 */
export function pinnedLookup({ url, rules }: RemoteUrl): LookupFunction | undefined {
  if (isAllowedHost(url, rules)) return undefined;
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) callback(error, []);
      else if (!addresses.every(({ address }) => isPublicAddress(address))) callback(refusal(url, "its name leads into a private network"), []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0]?.address ?? "", addresses[0]?.family);
    });
  };
}

function parseAllowed(value: string | URL, rules: RemoteUrlRules): URL {
  const url = URL.parse(String(value));
  if (url === null) throw new RemoteUrlRefusal("not a URL");
  if (url.protocol !== "http:" && url.protocol !== "https:") throw refusal(url, "only http and https are fetched");
  if (url.username !== "" || url.password !== "") throw refusal(url, "it holds a user or a password");
  if (url.port !== "" && Number(url.port) < 1024) throw refusal(url, "its port belongs to another service");
  if (isPrivateHost(bareHost(url)) && !isAllowedHost(url, rules)) throw refusal(url, "it points into a private network");
  return url;
}

/** Whether a host can be seen to be private; a name without a dot is one of the local network. */
function isPrivateHost(host: string): boolean {
  if (isIP(host) !== 0) return !isPublicAddress(host);
  const name = host.replace(/\.$/, "");
  return !name.includes(".") || /\.(?:localhost|local|internal|home\.arpa)$/.test(name);
}

function isAllowedHost(url: URL, { allowedHosts = [] }: RemoteUrlRules): boolean {
  const host = bareHost(url);
  return allowedHosts.some((allowed) => (allowed.startsWith(".") ? host.endsWith(allowed.toLowerCase()) : host === allowed.toLowerCase()));
}

function refusal(url: URL, reason: string): RemoteUrlRefusal {
  return new RemoteUrlRefusal(`${redactUrl(url)} is not fetched: ${reason}`);
}
