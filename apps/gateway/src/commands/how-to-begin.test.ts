import { wecomDefinition } from "@revka/channel-wecom/definition";
import { mochatDefinition } from "@revka/channel-mochat/definition";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { loadText } from "../config/config-folder.test-support.ts";
import { howToBegin } from "./how-to-begin.ts";

const SECTIONS = [...wecomDefinition.sections, ...mochatDefinition.sections];

describe("howToBegin", () => {
  it("names the file, the demo and the next commands", () => {
    const text = howToBegin("/home/me/.revka/config.toml", SECTIONS);
    for (const words of ["/home/me/.revka/config.toml", "revka demo", "revka config check", "revka daemon"]) expect(text).toContain(words);
  });

  it("shows a file that is valid as it stands, with a section for each channel", async () => {
    const sample = howToBegin("config.toml", SECTIONS).split("\n").filter((line) => /^ {5}(\[|\w+ = )/.test(line)).join("\n");
    expect(Object.keys(parse(sample)["channels_config"] ?? {})).toEqual(["wecom", "mochat"]);
    const { problems, sections } = await loadText(sample);
    expect(problems).toEqual([]);
    expect([...sections.keys()].sort()).toEqual(["mochat", "wecom"]);
  });
});
