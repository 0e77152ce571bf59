import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createKey, keyFileOf, prepareNextKey, promoteNextKey, readKeys } from "./key-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "revka-key-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("the key file", () => {
  it("is made once, for its owner's eyes only", () => {
    const key = createKey(folder);
    expect(key).toHaveLength(32);
    expect(readKeys(folder)).toEqual({ keys: [key] });
    expect(statSync(keyFileOf(folder)).mode & 0o777).toBe(0o600);
    expect(() => createKey(folder)).toThrow("EEXIST");
  });

  it("says why there is no key", () => {
    expect(readKeys(folder)).toEqual({ reason: `${keyFileOf(folder)} does not exist`, isMissing: true });
    writeFileSync(keyFileOf(folder), "not a key");
    expect(readKeys(folder)).toEqual({ reason: `${keyFileOf(folder)} does not hold 64 hex digits`, isMissing: false });
  });

  it("reads with both keys while one follows the other, and takes up a rotation that was cut short", () => {
    const old = createKey(folder);
    const next = prepareNextKey(folder);
    expect(readKeys(folder)).toEqual({ keys: [old, next] });
    expect(prepareNextKey(folder)).toEqual(next);
    promoteNextKey(folder);
    expect(readKeys(folder)).toEqual({ keys: [next] });
  });
});
