import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { readFixture } from "./fixture.ts";

const folder = await mkdtemp(join(tmpdir(), "fixture-"));
await mkdir(join(folder, "fixtures"));
await writeFile(join(folder, "fixtures", "frame.bin"), Buffer.from("0aff", "hex"));
afterAll(() => rm(folder, { recursive: true }));

describe("readFixture", () => {
  it("reads the bytes of a file beside the test", () => {
    const testUrl = pathToFileURL(join(folder, "wire.test.ts")).href;
    expect(readFixture(testUrl, "frame.bin").toString("hex")).toBe("0aff");
  });
});
