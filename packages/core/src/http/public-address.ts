import { BlockList, isIP } from "node:net";

type Range = readonly [network: string, prefix: number];

/** IPv4 ranges that are no place of the public internet: IANA's special-purpose registry, less what is routed globally. */
const SPECIAL_IPV4: readonly Range[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** The same for IPv6; the first two are the IPv4-compatible (with loopback and unspecified) and the IPv4-mapped addresses. */
const SPECIAL_IPV6: readonly Range[] = [
  ["::", 96],
  ["::ffff:0:0", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 32],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
];

// Two lists, because one list takes an IPv4 address for its IPv4-mapped form as well, and would find it special.
const IPV4_RANGES = rangesOf("ipv4", SPECIAL_IPV4);
// A NAT64 gateway carries 64:ff9b::/96 to the IPv4 address in its last four bytes.
const IPV6_RANGES = rangesOf("ipv6", [...SPECIAL_IPV6, ...SPECIAL_IPV4.map(([network, prefix]) => [`64:ff9b::${network}`, 96 + prefix] as const)]);

/** Whether a literal address belongs to the public internet: not loopback, private, link-local, multicast, reserved or for documentation. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !IPV4_RANGES.check(address, "ipv4");
  return family === 6 && !IPV6_RANGES.check(address, "ipv6");
}

function rangesOf(family: "ipv4" | "ipv6", ranges: readonly Range[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family);
  return list;
}
