import { AuthError, ConfigError, createRedactor } from "@revka/core";
import { describe, expect, it } from "vitest";
import { isDebug, reportError } from "./report-error.ts";

function told(error: unknown, isDebug = false): { code: number; text: string } {
  let text = "";
  const code = reportError(error, { stderr: { write: (part) => (text += part) }, redactor: createRedactor(["the-secret"]), isDebug });
  return { code, text };
}

describe("reportError", () => {
  it.each([
    ["a channel error in one line", new AuthError("refused"), 1, "revka: refused\n"],
    ["a config error, with 78", new ConfigError([{ path: "a.b", found: "x", allowed: "y" }]), 78, "revka: a.b: found x, allowed is y\n"],
    ["a surprise, with where to look", new TypeError("oops"), 1, "revka: oops (unexpected; --log-level debug shows where)\n"],
    ["what is no error", "just text", 1, "revka: just text\n"],
    ["a secret, hidden", new AuthError("token the-secret refused"), 1, "revka: token *** refused\n"],
  ])("tells %s", (_title, error, code, text) => {
    expect(told(error)).toEqual({ code, text });
  });

  it("shows the stack for debugging, and a secret not even there", () => {
    const { text } = told(new TypeError("the-secret"), true);
    expect(text).toMatch(/^revka: TypeError: \*\*\*\n\s+at /);
  });
});

describe("isDebug", () => {
  it.each([["debug", true], ["trace", true], ["info", false], [undefined, false]])("takes %s for %s", (level, expected) => {
    expect(isDebug(level)).toBe(expected);
  });
});
