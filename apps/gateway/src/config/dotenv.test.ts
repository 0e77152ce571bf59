import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTestHome } from "./config-folder.test-support.ts";
import { withDotenv } from "./dotenv.ts";

describe("withDotenv", () => {
  it("adds variables, and the environment wins", () => {
    using home = createTestHome();
    home.write(".env", "A=from-file\nB='quoted # text'\n");
    expect(withDotenv({ A: "from-env" }, home.path)).toEqual({ environment: { A: "from-env", B: "quoted # text" }, warnings: [] });
  });

  it.each([0o640, 0o604, 0o644])("leaves a file of mode %o alone, with a warning", (mode) => {
    using home = createTestHome();
    const file = home.write(".env", "A=1\n");
    chmodSync(file, mode);
    expect(withDotenv({}, home.path)).toEqual({ environment: {}, warnings: [`${file} is ignored: others may read it; run chmod 600 ${file}`] });
  });

  it("says when the file cannot be read, and nothing when there is none", () => {
    using home = createTestHome();
    expect(withDotenv({}, home.path)).toEqual({ environment: {}, warnings: [] });
    mkdirSync(join(home.path, ".env"));
    expect(withDotenv({}, home.path).warnings).toEqual([`${join(home.path, ".env")} is ignored: it cannot be read (EISDIR)`]);
  });
});
