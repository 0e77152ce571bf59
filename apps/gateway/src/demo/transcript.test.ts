import { describe, expect, it } from "vitest";
import { createPalette } from "../terminal.ts";
import { formatMs, renderExchange } from "./transcript.ts";

const PLAIN = createPalette({ write: () => undefined }, {});

describe("formatMs", () => {
  it.each([
    [0.4, "0 ms"],
    [14.2, "14 ms"],
    [999, "999 ms"],
    [1_020, "1.02 s"],
  ])("shows %d ms as %s", (ms, expected) => {
    expect(formatMs(ms)).toBe(expected);
  });
});

describe("renderExchange", () => {
  it("shows who said what, what came back and how long it took", () => {
    const text = renderExchange({ from: "user-1", said: "hello", to: "bot", arrived: ["hello"], tookMs: 14 }, PLAIN);
    expect(text).toBe(["  user-1   › hello", `  bot      ‹ hello${" ".repeat(44 - 18)}14 ms`, ""].join("\n"));
  });

  it("says in which group that was", () => {
    const text = renderExchange({ from: "u", group: "g-1", said: "a", to: "bot", arrived: ["a"], tookMs: 14 }, PLAIN);
    expect(text.split("\n").slice(0, 2)).toEqual(["  in the group g-1", "  u        › a"]);
  });

  it("lines up what comes after wide characters", () => {
    const end = (said: string): string => renderExchange({ from: "u", said, to: "bot", arrived: [said], tookMs: 14 }, PLAIN).split("\n")[1] ?? "";
    expect(end("你好").length).toBe(end("abcd").length - 2);
  });

  it("keeps the lines of a longer text together, and those of several answers", () => {
    const text = renderExchange({ from: "u", said: "a\nb", to: "bot", arrived: ["a", "b"], tookMs: 1 }, PLAIN);
    expect(text.split("\n").map((line) => line.slice(0, 12).trimEnd())).toEqual(["  u        ›", "", "  bot      ‹", "  bot      ‹", ""]);
  });

  it("says when nothing came", () => {
    expect(renderExchange({ from: "u", said: "a", to: "bot", arrived: [], tookMs: 20_000 }, PLAIN)).toContain("✗ nothing came within 20.00 s");
  });
});
