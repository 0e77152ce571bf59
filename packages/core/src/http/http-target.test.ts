import { describe, expect, it } from "vitest";
import { addQuery, joinPath, parseBaseUrl } from "./http-target.ts";

describe("joinPath", () => {
  it.each([
    ["https://h", "api/x", "https://h/api/x"],
    ["https://h/", "/api/x", "https://h/api/x"],
    ["https://h/base", "api/x", "https://h/base/api/x"],
    ["https://h/base//", "//other.example/x", "https://h/base/other.example/x"],
    ["https://h:8443/base", "v1/users:batch?x=1", "https://h:8443/base/v1/users:batch?x=1"],
    ["https://h/base", "", "https://h/base/"],
    ["https://h", "files?path=../x", "https://h/files?path=../x"],
    ["https://h", "a..b/.c", "https://h/a..b/.c"],
  ])("%s and %s give %s", (base, path, expected) => {
    expect(joinPath(parseBaseUrl(base), path).href).toBe(expected);
  });

  it.each(["..", "a/../b", "a/%2e%2E/b", "a/.", "a\\..\\b", "./a"])("refuses the dot segments of %s", (path) => {
    expect(() => joinPath(parseBaseUrl("https://h/base"), path)).toThrow(TypeError);
  });

  it("refuses a whole URL and names the guard", () => {
    expect(() => joinPath(parseBaseUrl("https://h"), "https://other.example/x")).toThrow("checkRemoteUrl");
  });
});

describe("addQuery", () => {
  it.each<[string, Record<string, string | undefined>, string]>([
    ["https://h/x", {}, "https://h/x"],
    ["https://h/x", { a: undefined }, "https://h/x"],
    ["https://h/x", { a: "b c", d: "é/?&=+" }, "https://h/x?a=b%20c&d=%C3%A9%2F%3F%26%3D%2B"],
    ["https://h/x?k=1", { a: "2" }, "https://h/x?k=1&a=2"],
  ])("%s with %o gives %s", (url, query, expected) => {
    expect(addQuery(new URL(url), query).href).toBe(expected);
  });
});
