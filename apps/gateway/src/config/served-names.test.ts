import type { ChannelDefinition, SectionDefinition } from "@revka/core";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "./default-settings.ts";
import type { ConfiguredSection } from "./loaded-config.ts";
import { withServedNames } from "./served-names.ts";

const sectionOf = (name: string): SectionDefinition => ({
  ...{ name, displayName: name, description: name, region: "nowhere", receiveMode: "none", idKinds: "none", fields: [], schema: v.unknown() },
});
const definitionOf = (...names: readonly string[]): ChannelDefinition => ({ sections: names.map(sectionOf), create: () => Promise.resolve({ channels: [], warnings: [] }) });
const PAIR = definitionOf("old", "new");
const SINGLE = definitionOf("single");

function servedWith(services: readonly string[], ...sections: readonly (readonly [ChannelDefinition, string])[]): readonly string[] {
  const configured = sections.map(([definition, name]): ConfiguredSection => ({ section: sectionOf(name), definition, config: {}, settings: {} }));
  return withServedNames({ ...DEFAULT_SETTINGS.proxy, services }, configured).services;
}

describe("withServedNames", () => {
  it("adds the other names of a definition's only section that is served", () => {
    expect(servedWith(["channel.old", "transcription.groq"], [PAIR, "old"], [SINGLE, "single"])).toEqual(["channel.old", "transcription.groq", "channel.new"]);
  });

  it("adds none where each section speaks for itself, or the served one is another", () => {
    expect(servedWith(["channel.old"], [PAIR, "old"], [PAIR, "new"])).toEqual(["channel.old"]);
    expect(servedWith(["channel.new"], [PAIR, "old"])).toEqual(["channel.new"]);
    expect(servedWith(["channel.single"], [SINGLE, "single"])).toEqual(["channel.single"]);
  });
});
