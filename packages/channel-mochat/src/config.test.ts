import { ConfigError, parseSection } from "@revka/core";
import { describe, expect, it } from "vitest";
import { mochatSchema, withDefaults, type MochatConfig } from "./config.ts";
import { mochatDefinition } from "./definition.ts";

const REQUIRED = { api_url: "https://mochat.example.com", api_token: "mochat-api-token" };
const PLACE = { path: "channels_config.mochat", fields: mochatDefinition.sections[0]!.fields };

function parse(section: Record<string, unknown>): MochatConfig {
  return parseSection(mochatSchema, section, PLACE);
}
function problemsOf(section: Record<string, unknown>): ConfigError["problems"] {
  try {
    parse(section);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
  }
  return [];
}

describe("mochatSchema", () => {
  it("reads the specification's section (MOCHAT-09, MOCHAT-11, MOCHAT-13)", () => {
    expect(parse({ ...REQUIRED, allowed_users: ["*"], poll_interval_secs: 5 })).toMatchObject({
      apiUrl: "https://mochat.example.com", apiToken: "mochat-api-token", allowedUsers: ["*"], pollIntervalMs: 5_000,
    });
  });

  it("fills in what is absent: nobody is allowed, polls come every 5 s (MOCHAT-13, MOCHAT-17)", () => {
    expect(parse(REQUIRED)).toEqual({
      apiUrl: "https://mochat.example.com",
      apiToken: "mochat-api-token",
      allowedUsers: [],
      pollIntervalMs: 5_000,
      receiveTimeoutMs: 30_000,
      skipBacklog: false,
      ignoreUsers: [],
      maxMessageChars: 0,
      idempotentSend: false,
    });
  });

  it("reads every optional key", () => {
    const section = {
      ...REQUIRED, allowed_users: ["u-1", 88], poll_interval_secs: 1.5, receive_timeout_secs: 60, skip_backlog: true, ignore_users: ["bot"],
      max_message_chars: 2000, notification_target: "u-9", idempotent_send: true, proxy_url: "direct",
    };
    expect(parse(section)).toEqual({
      apiUrl: "https://mochat.example.com", apiToken: "mochat-api-token", allowedUsers: ["u-1", "88"], pollIntervalMs: 1_500, receiveTimeoutMs: 60_000,
      skipBacklog: true, ignoreUsers: ["bot"], maxMessageChars: 2_000, notificationTarget: "u-9", idempotentSend: true, proxyUrl: "direct",
    });
  });

  it.each([
    ["one slash", "https://mochat.example.com/", "https://mochat.example.com"],
    ["several slashes", "https://mochat.example.com///", "https://mochat.example.com"],
    ["the slash after a path prefix", "https://h/base/", "https://h/base"],
  ])("strips %s from api_url (MOCHAT-10)", (_title, api_url, expected) => {
    expect(parse({ ...REQUIRED, api_url }).apiUrl).toBe(expected);
  });

  it.each([
    "mochat.example.com", "ftp://mochat.example.com", "https://mochat.example.com?x=1", "https://mochat.example.com#x", "https://user:pass@mochat.example.com", "", 7,
  ])("refuses the api_url %j (MOCHAT-66)", (api_url) => {
    expect(problemsOf({ ...REQUIRED, api_url })).toMatchObject([{ path: "channels_config.mochat.api_url" }]);
  });

  it.each([0, -1, 0.5, NaN, Infinity, "5", true])("refuses %j as poll_interval_secs (MOCHAT-65)", (poll_interval_secs) => {
    expect(problemsOf({ ...REQUIRED, poll_interval_secs })).toMatchObject([{ path: "channels_config.mochat.poll_interval_secs" }]);
  });

  it.each([["max_message_chars", 15], ["max_message_chars", -1], ["receive_timeout_secs", 0], ["proxy_url", "ftp://proxy.example"]])("refuses %s = %j", (key, value) => {
    expect(problemsOf({ ...REQUIRED, [key]: value })).toMatchObject([{ path: `channels_config.mochat.${key}` }]);
  });

  it("tells every problem at once, and no token (MOCHAT-67)", () => {
    const problems = problemsOf({ api_url: "nowhere", api_token: ["mochat-api-token"], allowed_users: "u-1" });
    expect(problems.map(({ path }) => path)).toEqual(["api_url", "api_token", "allowed_users"].map((key) => `channels_config.mochat.${key}`));
    expect(JSON.stringify(problems)).not.toContain("mochat-api-token");
  });

  it.each(["api_url", "api_token"])("requires %s (MOCHAT-09, MOCHAT-11)", (key) => {
    expect(problemsOf({ ...REQUIRED, [key]: undefined })).toMatchObject([{ path: `channels_config.mochat.${key}`, found: "nothing" }]);
  });
});

describe("withDefaults", () => {
  const CONFIG: MochatConfig = { apiUrl: "https://h/base/", apiToken: "mochat-api-token" };

  it("needs no more than the URL and the token", () => {
    expect(withDefaults(CONFIG)).toMatchObject({ apiUrl: "https://h/base", allowedUsers: [], pollIntervalMs: 5_000, maxMessageChars: 0 });
  });

  it.each([{ apiUrl: "h/base" }, { apiToken: " " }])("refuses %j with a TypeError", (wrong) => {
    expect(() => withDefaults({ ...CONFIG, ...wrong })).toThrow(TypeError);
  });

  it.each([{ pollIntervalMs: 99 }, { pollIntervalMs: NaN }, { receiveTimeoutMs: 0 }, { maxMessageChars: 15 }, { maxMessageChars: -1 }])("refuses %j with a RangeError", (wrong) => {
    expect(() => withDefaults({ ...CONFIG, ...wrong })).toThrow(RangeError);
  });
});
