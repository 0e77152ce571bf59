import { describe, expect, it } from "vitest";
import { createNoProxyList } from "./no-proxy.ts";

describe("createNoProxyList", () => {
  it.each<[string, string, boolean]>([
    ["*", "https://anything.example", true],
    ["a.example", "https://a.example", true],
    ["a.example", "https://A.EXAMPLE.", true],
    ["a.example", "https://sub.a.example", true],
    ["a.example", "https://nota.example", false],
    [".a.example", "https://sub.a.example", true],
    [".a.example", "https://a.example", false],
    ["*.a.example", "https://sub.a.example", true],
    ["a.example:8443", "https://a.example:8443", true],
    ["a.example:8443", "https://a.example", false],
    ["a.example:443", "wss://a.example", true],
    ["10.0.0.0/8", "http://10.200.3.4", true],
    ["10.0.0.0/8", "http://11.0.0.1", false],
    ["10.0.0.0/8", "http://10.example", false],
    ["10.1.2.3", "http://10.1.2.3:99", true],
    ["10.1.2.3:80", "http://10.1.2.3:99", false],
    ["fd00::/8", "http://[fd12::1]", true],
    ["[fd00::]/8", "http://[fe80::1]", false],
    ["::1", "http://[0:0:0:0:0:0:0:1]", true],
    ["[::1]:8080", "http://[::1]:8080", true],
    ["[::1]:8080", "http://[::1]:8081", false],
    ["a.example, b.example", "http://b.example", true],
    ["10.0.0.0/99", "http://10.0.0.1", false],
    ["10.0.0.0/8/8", "http://10.0.0.1", false],
    [" , ", "http://a.example", false],
  ])("%s excepts %s: %s", (entry, url, expected) => {
    expect(createNoProxyList([entry])(new URL(url))).toBe(expected);
  });

  it("excepts what any of its entries excepts", () => {
    const isExcepted = createNoProxyList(["a.example", "10.0.0.0/8"]);
    expect(["http://a.example", "http://10.0.0.1", "http://b.example"].map((url) => isExcepted(new URL(url)))).toEqual([true, true, false]);
  });
});
