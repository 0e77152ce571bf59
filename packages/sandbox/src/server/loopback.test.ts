import { describe, expect, it } from "vitest";
import { isLoopback } from "./loopback.ts";

describe("isLoopback", () => {
  it.each([
    ["127.0.0.1:42680", true],
    ["127.1.2.3", true],
    ["localhost:1", true],
    ["LOCALHOST", true],
    ["[::1]:42680", true],
    ["http://localhost:5173", true],
    ["", false],
    ["null", false],
    ["192.168.0.1:42680", false],
    ["evil.example:42680", false],
    ["127.0.0.1.evil.example", false],
    ["localhost.evil.example", false],
    ["127.0.0.1@evil.example", false],
    ["http://evil.example", false],
  ])("reads %j as %s", (value, expected) => {
    expect(isLoopback(value)).toBe(expected);
  });
});
