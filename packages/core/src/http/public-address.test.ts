import { describe, expect, it } from "vitest";
import { isPublicAddress } from "./public-address.ts";

describe("isPublicAddress", () => {
  it.each(["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "198.20.0.1", "223.255.255.255"])(
    "takes %s for public",
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each(["2606:4700::1111", "2001:4860:4860::8888", "64:ff9b::808:808"])("takes %s for public", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ["unspecified", "0.0.0.0"],
    ["private", "10.0.0.1"],
    ["private", "172.16.0.1"],
    ["private", "172.31.255.255"],
    ["private", "192.168.1.1"],
    ["shared", "100.64.0.1"],
    ["loopback", "127.0.0.53"],
    ["link-local", "169.254.169.254"],
    ["protocol", "192.0.0.1"],
    ["documentation", "192.0.2.1"],
    ["benchmark", "198.19.255.255"],
    ["documentation", "198.51.100.7"],
    ["documentation", "203.0.113.7"],
    ["multicast", "224.0.0.1"],
    ["reserved", "240.0.0.1"],
    ["broadcast", "255.255.255.255"],
    ["unspecified", "::"],
    ["loopback", "::1"],
    ["compatible", "::7f00:1"],
    ["mapped", "::ffff:127.0.0.1"],
    ["mapped", "::ffff:8.8.8.8"],
    ["unique local", "fd12:3456::1"],
    ["link-local", "fe80::1"],
    ["multicast", "ff02::1"],
    ["documentation", "2001:db8::1"],
    ["tunnelled", "2002:7f00:1::"],
    ["translated", "64:ff9b::10.0.0.1"],
  ])("takes %s address %s for none (gateway U-2)", (_kind, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(["", "example.com", "1.2.3", "[::1]"])("takes %j, which is no address, for none", (text) => {
    expect(isPublicAddress(text)).toBe(false);
  });
});
