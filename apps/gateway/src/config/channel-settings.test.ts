import type { ChannelDefinition, SectionDefinition } from "@revka/core";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { settingsByChannel } from "./channel-settings.ts";
import type { ConfiguredSection } from "./loaded-config.ts";
import type { ChannelSettings } from "./settings.ts";

const section = (name: string): SectionDefinition => ({ name, displayName: name, description: "", region: "", receiveMode: "", idKinds: "", fields: [], schema: v.unknown() });
const twoRegions: ChannelDefinition = { sections: [section("old"), section("new")], create: () => Promise.reject(new RangeError("nothing is created here")) };

const configured = (name: string, settings: ChannelSettings): ConfiguredSection => ({ section: section(name), definition: twoRegions, config: {}, settings });
const NO = { ackReactions: false };
const YES = { ackReactions: true };

describe("settingsByChannel", () => {
  it.each<[string, ConfiguredSection[], Record<string, ChannelSettings>]>([
    ["nothing is configured", [], {}],
    ["each channel has its own section", [configured("old", NO), configured("new", YES)], { old: NO, new: YES }],
    ["a section has a proxy of its own", [{ ...configured("old", NO), proxy: "direct" }, configured("new", YES)], { old: { ...NO, proxy: "direct" }, new: YES }],
    ["one section may make the channel of another", [configured("old", NO)], { old: NO, new: NO }],
  ])("gives each channel's settings where %s", (_title, sections, settings) => {
    expect(settingsByChannel(sections)).toEqual(settings);
  });
});
