import { ESLint } from "eslint";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

describe("the lint configuration", () => {
  it("finds an import cycle, which the rule misses in silence when its resolver is wrong", async () => {
    const eslint = new ESLint({ cwd: root, ignore: false });
    const [result] = await eslint.lintFiles(["tests/fixtures/cycle/first.ts"]);
    expect(result?.messages.map((message) => message.ruleId)).toContain("import-x/no-cycle");
  }, 60_000);
});
