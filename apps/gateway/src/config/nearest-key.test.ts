import { describe, expect, it } from "vitest";
import { nearestKey } from "./nearest-key.ts";
import { unknownKeyWarning, unknownKeyWarnings } from "./unknown-keys.ts";

const KEYS = ["api_url", "api_token", "poll_interval_secs", "qq"];

describe("nearestKey", () => {
  it.each([
    ["a missing letter", "api_tokn", "api_token"],
    ["swapped neighbours", "aip_ulr", "api_url"],
    ["another case and a dash", "API-URL", "api_url"],
    ["two edits in a long key", "pol_interval_sec", "poll_interval_secs"],
    ["one edit in a short key", "qqq", "qq"],
    ["two edits in a short key as a stranger", "qxy", undefined],
    ["something else as a stranger", "telegram", undefined],
    ["a huge key as a stranger", "x".repeat(100_000), undefined],
  ])("takes %s", (_title, key, expected) => {
    expect(nearestKey(key, KEYS)).toBe(expected);
  });

  it("prefers the nearest of several", () => {
    expect(nearestKey("api_urls", ["api_user", "api_url"])).toBe("api_url");
  });
});

describe("unknownKeyWarning", () => {
  it("has the words of the original, and the nearest known key", () => {
    expect(unknownKeyWarning("channels_config.mochat.api_tokn", KEYS)).toBe(
      'Unknown config key ignored: "channels_config.mochat.api_tokn". Check config.toml for typos or deprecated options. The nearest known key is "api_token".',
    );
    expect(unknownKeyWarning("proxy.colour", KEYS)).toBe(
      'Unknown config key ignored: "proxy.colour". Check config.toml for typos or deprecated options.',
    );
  });
});

describe("unknownKeyWarnings", () => {
  it("finds unknown keys at any depth", () => {
    const fields = [
      { key: "name", type: "string", description: "" },
      { key: "voice", type: "table", description: "", fields: [{ key: "model", type: "string", description: "" }] },
    ] as const;
    const warnings = unknownKeyWarnings({ name: "x", nam: 1, voice: { model: "m", modle: "m" } }, fields, "channels_config.x");
    expect(warnings).toEqual([
      expect.stringContaining('"channels_config.x.nam"') as string,
      expect.stringContaining('"channels_config.x.voice.modle"') as string,
    ]);
  });
});
