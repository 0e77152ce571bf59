import { describe, expect, it } from "vitest";
import { firstMissing } from "./support/docs-steps.ts";

const PRINTED = "🩺 Revka Channel Doctor\n\n  ✅ mochat    healthy\n\nSummary: 1 healthy, 0 unhealthy, 0 timed out\n";

describe("firstMissing", () => {
  it.each([
    ["nothing where every line is there, in order", ["🩺 Revka Channel Doctor", "✅ mochat    healthy", "Summary: 1 healthy, 0 unhealthy, 0 timed out"], undefined],
    ["nothing where … stands for what differs", ["…", "✅ mochat…healthy", "Summary: 1 healthy, …"], undefined],
    ["a line that is not printed", ["✅ qq        healthy"], "✅ qq        healthy"],
    ["a line that is printed before the one above it", ["Summary: …", "✅ mochat    healthy"], "✅ mochat    healthy"],
    ["a line of which only a part is printed", ["mochat"], "mochat"],
    ["a line whose signs are no pattern", ["Summary: . healthy, 0 unhealthy, 0 timed out"], "Summary: . healthy, 0 unhealthy, 0 timed out"],
  ])("gives %s", (_title, expected, missing) => {
    expect(firstMissing(expected, PRINTED)).toBe(missing);
  });
});
