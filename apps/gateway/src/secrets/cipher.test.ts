import { describe, expect, it } from "vitest";
import { decryptSecret, encryptSecret, isEncrypted } from "./cipher.ts";

const KEY = Buffer.from("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "hex");
const OTHER_KEY = Buffer.alloc(32, 7);
const NONCE = Buffer.from("101112131415161718191a1b", "hex");
const SEALED = "enc2:101112131415161718191a1b33a5266f676deb086baf1e17b6c0d01b258e743197bd25f9a3328ae9955892b5";

describe("encryptSecret", () => {
  it("writes what the original reads", () => {
    expect(encryptSecret("mochat-api-token", KEY, NONCE)).toBe(SEALED);
  });
  it("never writes the same twice", () => {
    expect(encryptSecret("s", KEY)).not.toBe(encryptSecret("s", KEY));
  });
});

describe("decryptSecret", () => {
  it.each([
    ["the original's", SEALED, "mochat-api-token"],
    ["the original's first version's", "enc:6c646562677c2b746d6a786e78", "legacy-secret"],
    ["our own", encryptSecret("密钥 🔑", KEY), "密钥 🔑"],
    ["an empty", encryptSecret("", KEY), ""],
  ])("reads %s values", (_title, value, secret) => {
    expect(decryptSecret(value, KEY)).toBe(secret);
  });
  it.each([
    ["another key", SEALED, OTHER_KEY],
    ["a changed value", SEALED.replace(/b5$/, "b6"), KEY],
    ["half a value", SEALED.slice(0, 40), KEY],
    ["no value", "enc2:", KEY],
    ["no hex", "enc2:xyz", KEY],
    ["half a byte", `${SEALED}a`, KEY],
    ["a legacy value and another key", "enc:fffefdfcfbfaf9f8", OTHER_KEY],
  ])("gives nothing for %s", (_title, value, key) => {
    expect(decryptSecret(value, key)).toBeUndefined();
  });
});

describe("isEncrypted", () => {
  it.each([["enc2:00", true], ["enc:00", true], ["encore", false], ["", false]])("%j: %s", (value, expected) => {
    expect(isEncrypted(value)).toBe(expected);
  });
});
