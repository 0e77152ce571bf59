import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { flag, integerBetween, requiredString, stringList, table } from "./config-blocks.ts";
import { parseSection, type SectionPlace } from "./config.ts";
import { ConfigError, type ConfigProblem } from "../contract/errors.ts";

const place: SectionPlace = {
  path: "channels_config.lark",
  fields: [
    { key: "app_id", type: "string", description: "The app." },
    { key: "app_secret", type: "string", description: "Its secret.", isSecret: true },
    { key: "secrets", type: "string-list", description: "More secrets.", isSecret: true },
    { key: "base_url", type: "url", description: "Where it is." },
    { key: "port", type: "integer", description: "The port." },
    { key: "voice", type: "table", description: "Voice.", fields: [{ key: "api_key", type: "string", description: "A key.", isSecret: true }] },
  ],
};

function problemsOf(schema: v.GenericSchema<unknown, unknown>, input: unknown): readonly ConfigProblem[] {
  try {
    parseSection(schema, input, place);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

/** What is said of `value` where `key` stands. */
function foundAt(key: string, value: unknown): string | undefined {
  return problemsOf(table({ [key]: v.custom(() => false, "something else") }), { [key]: value })[0]?.found;
}

describe("parseSection", () => {
  const schema = table({ app_id: requiredString, app_secret: requiredString, port: integerBetween(1, 65_535), mention_only: flag(false) });

  it("gives what the schema makes of a section, and passes unknown keys unseen", () => {
    const section = parseSection(schema, { app_id: " cli_1 ", app_secret: "s3cret", unknown: 1 }, place);
    expect(section).toEqual({ app_id: "cli_1", app_secret: "s3cret", port: undefined, mention_only: false });
  });

  it("tells every problem at once, with what is allowed", () => {
    expect(problemsOf(schema, { app_secret: 5, port: 0, mention_only: "yes" })).toEqual([
      { path: "channels_config.lark.app_id", found: "nothing", allowed: "a non-empty string" },
      { path: "channels_config.lark.app_secret", found: "a number (not shown)", allowed: "a non-empty string" },
      { path: "channels_config.lark.port", found: "a number (0)", allowed: "a whole number from 1 to 65535" },
      { path: "channels_config.lark.mention_only", found: 'a string ("yes")', allowed: "true or false" },
    ]);
  });

  it.each<[string, unknown, string]>([
    ["a number", 5, "a number (5)"],
    ["a list", [], "a list ([])"],
    ["a string", "x", 'a string ("x")'],
    ["nothing", undefined, "nothing"],
  ])("refuses %s where the table should be", (_title, input, found) => {
    expect(problemsOf(schema, input)).toEqual([{ path: "channels_config.lark", found, allowed: "a table" }]);
  });

  it.each<[string, unknown, string]>([
    ["app_id", "", 'a string ("")'],
    ["app_id", "x".repeat(100), `a string ("${"x".repeat(60)}…")`],
    ["app_id", "a\nb", 'a string ("a b")'],
    ["app_id", true, "a boolean (true)"],
    ["app_id", 7n, "a bigint (7n)"],
    ["app_id", ["a", 1], "a list ([ 'a', 1 ])"],
    ["app_id", { a: 1 }, "a table"],
    ["app_id", new Date(0), "a date (1970-01-01T00:00:00.000Z)"],
    ["app_id", null, "nothing"],
    ["unknown", "x", 'a string ("x")'],
    ["base_url", "htp:/x", 'a string ("htp:/x")'],
    ["base_url", "htp:/user:s3cret@x", 'a string ("***@x")'],
    ["base_url", "https://x/?key=s3cret", 'a string ("https://x/?***")'],
    ["base_url", ["https://user:s3cret@x"], "a list (not shown)"],
    ["app_secret", "s3cret", "a string (not shown)"],
    ["secrets", ["s3cret"], "a list (not shown)"],
  ])("describes what it found at %s (case %#)", (key, value, found) => {
    expect(foundAt(key, value)).toBe(found);
  });

  it("knows the secrets inside tables and lists", () => {
    const never = v.custom(() => false, "something else");
    const nested = table({ voice: table({ api_key: never }), secrets: v.array(never) });
    const problems = problemsOf(nested, { voice: { api_key: "s3cret" }, secrets: ["s3cret"] });
    expect(problems.map(({ path, found }) => `${path}: ${found}`)).toEqual([
      "channels_config.lark.voice.api_key: a string (not shown)",
      "channels_config.lark.secrets.0: a string (not shown)",
    ]);
  });

  it("keeps a secret out of the error's message too", () => {
    const parse = (): unknown => parseSection(table({ app_secret: stringList }), { app_secret: "s3cret" }, place);
    expect(parse).toThrow("channels_config.lark.app_secret: found a string (not shown), allowed is a list of strings");
  });
});
