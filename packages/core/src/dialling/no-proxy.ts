import { BlockList, isIP } from "node:net";

/** Whether one entry of a `no_proxy` list lets a target go directly. */
type Exception = (host: string, port: string) => boolean;

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "ws:": "80", "https:": "443", "wss:": "443" };

/**
 * Reads `no_proxy` entries into one test of a target URL.
 *
 * An entry is `*`, a host (its sub-domains too), `.suffix` (sub-domains only), an IP address or a CIDR range for
 * literal addresses, each but the range with an optional `:port`. Entries may be comma lists; case does not matter.
 * What cannot be read as one of these matches nothing.
 */
export function createNoProxyList(entries: readonly string[]): (url: URL) => boolean {
  const exceptions = entries
    .flatMap((entry) => entry.split(","))
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "")
    .map(parseException);
  return (url) => {
    const host = url.hostname.toLowerCase().replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
    const port = url.port === "" ? DEFAULT_PORTS[url.protocol] ?? "" : url.port;
    return exceptions.some((matches) => matches(host, port));
  };
}

function parseException(entry: string): Exception {
  if (entry === "*") return () => true;
  const range = /^\[?([^[\]/]+)\]?\/(\d+)$/.exec(entry);
  if (range !== null) return rangeMatcher(range[1] ?? "", Number(range[2]));
  const { host, port } = splitPort(entry);
  const matchesHost = hostMatcher(host);
  return (targetHost, targetPort) => (port === undefined || port === targetPort) && matchesHost(targetHost);
}

function splitPort(entry: string): { host: string; port?: string } {
  if (isIP(entry) === 6) return { host: entry };
  const [, host = entry, port] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry) ?? [];
  return { host, ...(port !== undefined && { port }) };
}

function hostMatcher(entry: string): (host: string) => boolean {
  const name = entry.replace(/^\*\./, ".");
  const family = isIP(name);
  if (family !== 0) return rangeMatcher(name, family === 6 ? 128 : 32);
  if (name.startsWith(".")) return (host) => host.endsWith(name);
  return (host) => host === name || host.endsWith(`.${name}`);
}

function rangeMatcher(address: string, prefix: number): (host: string) => boolean {
  const family = isIP(address);
  if (family === 0 || prefix > (family === 6 ? 128 : 32)) return () => false;
  const range = new BlockList();
  range.addSubnet(address, prefix, family === 6 ? "ipv6" : "ipv4");
  return (host) => {
    const hostFamily = isIP(host);
    return hostFamily !== 0 && range.check(host, hostFamily === 6 ? "ipv6" : "ipv4");
  };
}
