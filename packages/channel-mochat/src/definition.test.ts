import { createContext, type FieldDefinition } from "@revka/core";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { mochatSchema, type MochatConfig } from "./config.ts";
import { mochatDefinition } from "./definition.ts";

const [section] = mochatDefinition.sections;
const CONFIG: MochatConfig = { apiUrl: "https://mochat.example.com", apiToken: "mochat-api-token" };

/** The keys that the schema looks for. */
function keysOf(schema: v.GenericSchema): string[] {
  const keys = new Set<string>();
  const spy = new Proxy({}, { has: (_target, key) => Boolean(keys.add(String(key))), get: (_target, key) => void keys.add(String(key)) });
  v.safeParse(schema, spy);
  return [...keys];
}
function field(key: string): FieldDefinition | undefined {
  return section?.fields.find((candidate) => candidate.key === key);
}

describe("mochatDefinition", () => {
  it("is the section [channels_config.mochat] (MOCHAT-02, MOCHAT-03, MOCHAT-25)", () => {
    expect(mochatDefinition.sections).toHaveLength(1);
    expect(section).toMatchObject({
      name: "mochat",
      displayName: "Mochat",
      description: "Mochat Customer Service",
      region: "Self-hosted",
      receiveMode: "HTTP polling",
      idKinds: "Mochat user IDs (fromUserId)",
    });
  });

  it("describes exactly the keys that the schema reads, and no receive_mode (MOCHAT-06)", () => {
    const described = section?.fields.map(({ key }) => key);
    expect(described?.toSorted()).toEqual(keysOf(mochatSchema).toSorted());
    expect(described).not.toContain("receive_mode");
  });

  it("hides the token and requires it (MOCHAT-11, MOCHAT-67)", () => {
    expect(field("api_token")).toMatchObject({ isRequired: true, isSecret: true });
  });

  it("names the defaults that hold (MOCHAT-13, MOCHAT-17)", () => {
    const required = { api_url: "https://mochat.example.com", api_token: "mochat-api-token" };
    const named = Object.fromEntries(section?.fields.flatMap((item) => (item.default === undefined ? [] : [[item.key, item.default]])) ?? []);
    expect(named).toMatchObject({ allowed_users: [], poll_interval_secs: 5 });
    expect(v.parse(mochatSchema, { ...required, ...named })).toEqual(v.parse(mochatSchema, required));
  });

  it("gives the advice to begin with a star and tighten later (MOCHAT-24)", () => {
    expect(field("allowed_users")?.description).toContain('Begin with ["*"], confirm delivery, then tighten');
  });

  it("creates the channel of its section", async () => {
    const { channels, warnings } = await mochatDefinition.create({ mochat: CONFIG }, (instance) => createContext(instance));
    expect(channels.map(({ name, displayName }) => ({ name, displayName }))).toEqual([{ name: "mochat", displayName: "Mochat" }]);
    expect(warnings).toEqual([]);
  });

  it("creates nothing without its section", async () => {
    await expect(mochatDefinition.create({}, (instance) => createContext(instance))).resolves.toEqual({ channels: [], warnings: [] });
  });

  it.each([
    ["http://mochat.example.com", 1],
    ["http://127.0.0.1:8080", 0],
    ["http://localhost:8080/base", 0],
    ["http://[::1]:8080", 0],
    ["http://localhost.example.com", 1],
  ])("of %s warns %d times that the token is not encrypted", async (apiUrl, count) => {
    const { warnings } = await mochatDefinition.create({ mochat: { ...CONFIG, apiUrl } }, (instance) => createContext(instance));
    expect(warnings).toHaveLength(count);
  });
});
