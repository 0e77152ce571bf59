import { readFileSync } from "node:fs";
import { larkDefinition } from "@revka/channel-lark";
import { wecomDefinition } from "@revka/channel-wecom";
import { createContext, parseSection } from "@revka/core";
import { recordingAccept } from "@revka/core/testing";
import { startSandbox } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { DEFINITIONS } from "../house/definitions.ts";

const everySection = new Set([...Object.values(DEFINITIONS), wecomDefinition].flatMap(({ sections }) => sections));

function read(name: string, values: unknown): unknown {
  const section = larkDefinition.sections.find((candidate) => candidate.name === name);
  if (section === undefined) throw new TypeError("no section");
  return parseSection(section.schema, values, { path: `channels_config.${name}`, fields: section.fields });
}

describe("the sections of Lark and Feishu", () => {
  it("alone let the operator choose how to receive (LARK-28)", () => {
    const choosing = [...everySection].filter(({ fields }) => fields.some(({ key }) => key === "receive_mode"));
    expect(choosing.map(({ name }) => name).toSorted()).toEqual(["feishu", "lark"]);
  });

  it("alone belong to an optional dependency of the gateway (LARK-06)", () => {
    const manifest = JSON.parse(readFileSync(new URL("../../apps/gateway/package.json", import.meta.url), "utf8")) as {
      readonly dependencies: Readonly<Record<string, string>>;
      readonly optionalDependencies: Readonly<Record<string, string>>;
    };
    expect(Object.keys(manifest.optionalDependencies)).toEqual(["@revka/channel-lark"]);
    for (const name of ["dingtalk", "wecom", "qq", "mochat"]) expect(manifest.dependencies).toHaveProperty([`@revka/channel-${name}`]);
  });

  it.each(["lark", "feishu"] as const)("take the sandbox's settings as they are, and hold a conversation there: %s (LARK-85)", async (name) => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const { [name]: platform } = sandbox;
    const { values } = sandbox.settingsFor(name);
    const { channels: [channel] } = await larkDefinition.create({ [name]: read(name, { ...values, allowed_users: ["*"] }) }, createContext);
    const { accept, next } = recordingAccept();
    const abort = new AbortController();
    const listening = channel?.listen(accept, abort.signal);
    await platform.nextConnection();
    platform.say("ou_ann", "hello");
    const { conversation: { id } } = await next();
    await channel?.send({ target: { conversationId: id }, text: "and hello to you" });
    await channel?.send({ target: { conversationId: "on_ann" }, text: "by another id" });
    expect(platform.sent).toMatchObject([{ user: "ou_ann", text: "and hello to you" }, { user: "ou_ann", text: "by another id" }]);
    abort.abort();
    await listening;
  });
});
