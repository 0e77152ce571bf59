import { mochatDefinition } from "@revka/channel-mochat/definition";
import { describe, expect, it } from "vitest";
import { hasOverrides, readOverrides } from "./overrides.ts";

const section = mochatDefinition.sections[0]!;

describe("readOverrides", () => {
  it("gives each text the type of its key", () => {
    const { overrides, isComplete } = readOverrides(section, {
      REVKA_CHANNELS_MOCHAT_API_URL: "https://m.example",
      REVKA_CHANNELS_MOCHAT_API_TOKEN: "secret-token",
      REVKA_CHANNELS_MOCHAT_POLL_INTERVAL_SECS: "2.5",
      REVKA_CHANNELS_MOCHAT_SKIP_BACKLOG: "true",
      REVKA_CHANNELS_MOCHAT_ALLOWED_USERS: "u1, u2",
      REVKA_CHANNELS_WECOM_WEBHOOK_KEY: "other",
    });
    expect(Object.fromEntries(overrides.map(({ key, value }) => [key, value]))).toEqual({
      api_url: "https://m.example",
      api_token: "secret-token",
      poll_interval_secs: 2.5,
      skip_backlog: true,
      allowed_users: ["u1", "u2"],
    });
    expect(isComplete).toBe(true);
  });

  it("is incomplete while a required key is missing, or with nothing at all", () => {
    expect(readOverrides(section, { REVKA_CHANNELS_MOCHAT_API_URL: "https://m.example" }).isComplete).toBe(false);
    expect(readOverrides(section, {}).isComplete).toBe(false);
  });

  it("warns of a variable that names no key, with the nearest one", () => {
    expect(readOverrides(section, { REVKA_CHANNELS_MOCHAT_API_TOKN: "secret" }).warnings).toEqual([
      "REVKA_CHANNELS_MOCHAT_API_TOKN is ignored: [channels_config.mochat] has no such key. The nearest known one is REVKA_CHANNELS_MOCHAT_API_TOKEN.",
    ]);
  });
});

describe("hasOverrides", () => {
  it("tells whether a section is spoken of at all", () => {
    expect(hasOverrides("lark", { REVKA_CHANNELS_LARK_APP_ID: "x" })).toBe(true);
    expect(hasOverrides("lark", { REVKA_CHANNELS_LARK_APP_ID: undefined, REVKA_CHANNELS_QQ_APP_ID: "x" })).toBe(false);
  });
});
