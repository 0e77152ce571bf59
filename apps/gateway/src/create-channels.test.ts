import type { ChannelContext, ChannelDefinition } from "@revka/core";
import { createContext } from "@revka/core";
import { describe, expect, it } from "vitest";
import { loadText, mochatSection } from "./config/config-folder.test-support.ts";
import { createChannels } from "./create-channels.ts";

const TWO = `[channels_config.wecom]\nwebhook_key = "a-webhook-key"\n${mochatSection()}`;
const contextOf = (instance: string): ChannelContext => createContext(instance);

describe("createChannels", () => {
  it("makes every valid channel", async () => {
    const { sections } = await loadText(TWO);
    const { channels, failures } = await createChannels(sections, contextOf);
    expect(channels.map(({ name }) => name)).toEqual(["wecom", "mochat"]);
    expect(failures).toEqual([]);
  });

  it("hands all sections of one definition over at once, so that rules between them can live there", async () => {
    const seen: unknown[] = [];
    const { sections } = await loadText(TWO);
    const definition: ChannelDefinition = { sections: [], create: (configs) => (seen.push(Object.keys(configs)), Promise.resolve({ channels: [], warnings: ["careful"] })) };
    const shared = new Map([...sections].map(([name, configured]) => [name, { ...configured, definition }]));
    expect(await createChannels(shared, contextOf)).toMatchObject({ warnings: ["careful"] });
    expect(seen).toEqual([["wecom", "mochat"]]);
  });

  it("goes on with the others when one cannot be made", async () => {
    const { sections } = await loadText(TWO);
    const error = new TypeError("cannot");
    const broken: ChannelDefinition = { sections: [], create: () => Promise.reject(error) };
    const some = new Map([...sections].map(([name, configured]) => [name, name === "wecom" ? { ...configured, definition: broken } : configured]));
    const { channels, failures } = await createChannels(some, contextOf);
    expect(channels.map(({ name }) => name)).toEqual(["mochat"]);
    expect(failures).toEqual([{ sections: ["wecom"], error }]);
  });
});
