import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { NoReplyRouteError, PlatformError, TransientError, type Capabilities } from "@revka/core";
import { describe, expect, it } from "vitest";
import type { GatewayStep } from "./observer.ts";
import { createMarkerAgent, createScriptedAgent } from "./testing/test-agent.test-support.ts";
import { createFolder, openHouse, rowOf, type TestHouse, type TestHouseOptions } from "./testing/test-house.test-support.ts";

const PNG = Buffer.from("89504e470d0a1a0a", "hex");
const IMAGES: Partial<Capabilities> = { mediaOut: ["image"] };
const refusal = new PlatformError("no such pictures", { platformCode: "1", platformMessage: "no" });

/** A gateway whose outbox holds a picture, and whose agent answers with markers. */
async function open(answer: string, { capabilities = IMAGES, ...options }: TestHouseOptions & { readonly capabilities?: Partial<Capabilities> } = {}): Promise<TestHouse> {
  const folder = createFolder();
  const outbox = join(folder, "workspace", "outbox");
  mkdirSync(outbox, { recursive: true });
  writeFileSync(join(outbox, "cat.png"), PNG);
  return openHouse({ folder, agent: createMarkerAgent(answer), channel: { capabilities }, ...options });
}

/** What was posted: texts, and files by their name. */
const postedBy = ({ channel }: TestHouse): string[] =>
  channel.sent.map(({ text, media }) => (media === undefined ? text : `<${"url" in media ? media.url : (media.name ?? media.kind)}>`));

async function answered(house: TestHouse, step: GatewayStep = "settled"): Promise<string[]> {
  await house.channel.say("m");
  await house.until(step);
  await house.gateway.stop();
  return postedBy(house);
}

describe("the files of an answer", () => {
  it("go out where their markers stand, each recorded as a part", async () => {
    const house = await open("look\n[IMAGE:cat.png]\nnice, no?");
    await expect(answered(house)).resolves.toEqual(["look", "<cat.png>", "nice, no?"]);
    const turnId = String(rowOf(house.folder, "m")["turn_id"]);
    expect(house.channel.sent[1]).toEqual({
      target: { conversationId: "c1", kind: "direct", messageId: "m" },
      text: "",
      media: { kind: "image", name: "cat.png", bytes: new Uint8Array(PNG), mediaType: "image/png" },
      idempotencyKey: `${turnId}:1`,
    });
    expect(house.steps().filter((step) => step.startsWith("part-recorded"))).toHaveLength(3);
  });

  it("go out though there are no words", async () => {
    await expect(answered(await open("[IMAGE:cat.png]"))).resolves.toEqual(["<cat.png>"]);
  });

  it("go out after the words when the agent hands them over beside its text", async () => {
    const agent = createScriptedAgent([{ kind: "attachment", media: "image", target: "cat.png", name: "my cat.png" }, { kind: "delta", text: "look [IMAGE:cat.png]" }], () => Promise.resolve());
    await expect(answered(await open("", { agent }))).resolves.toEqual(["look [IMAGE:cat.png]", "<my cat.png>"]);
  });

  it("are not sent by markers of an agent that declares none, such as the echo", async () => {
    const house = await openHouse({ channel: { capabilities: IMAGES } });
    await house.channel.say("[IMAGE:cat.png]", { id: "m" });
    await house.until("settled");
    await house.gateway.stop();
    expect(postedBy(house)).toEqual(["(IMAGE:cat.png]"]);
  });

  it("are sent by their address where the channel takes addresses", async () => {
    const house = await open("[IMAGE:https://example.com/cat.png]", { capabilities: { ...IMAGES, takesUrls: true } });
    await expect(answered(house)).resolves.toEqual(["<https://example.com/cat.png>"]);
  });

  it.each([
    ["a kind that the channel does not send", "[VIDEO:https://example.com/a.mp4]", "Video: https://example.com/a.mp4"],
    ["an address that is not fetched", "[IMAGE:https://example.com/a.png]", "Image: https://example.com/a.png"],
    ["a path that climbs out (P-1)", "[IMAGE:../../config.toml]", "(attachment not sent: config.toml)"],
    ["a file that is not there", "[IMAGE:sub/dog.png]", "(attachment not sent: dog.png)"],
  ])("become a line of text: %s", async (_title, marker, text) => {
    const house = await open(`a\n${marker}\nb`);
    await expect(answered(house)).resolves.toEqual(["a", text, "b"]);
    expect(house.logger.entries).toMatchObject([{ level: "error", message: "A file of an answer is not sent" }]);
    expect(house.logger.text()).not.toContain("config.toml");
  });

  it("become a line of text when the platform does not want them, under a key of its own", async () => {
    const house = await open("[IMAGE:cat.png]");
    house.channel.failSends(refusal);
    await expect(answered(house)).resolves.toEqual(["(attachment not sent: cat.png)"]);
    const turnId = String(rowOf(house.folder, "m")["turn_id"]);
    expect(house.channel.tried.map(({ idempotencyKey }) => idempotencyKey)).toEqual([`${turnId}:0`, `${turnId}:0:text`]);
  });

  it("are tried again when the platform cannot take them for now", async () => {
    const house = await open("[IMAGE:cat.png]");
    house.channel.failSends(new TransientError("503"));
    await house.channel.say("m");
    await house.until("part-retried");
    await house.clock.advance(500);
    await house.until("settled");
    await house.gateway.stop();
    expect(postedBy(house)).toEqual(["<cat.png>"]);
    expect(house.channel.tried[1]).toEqual(house.channel.tried[0]);
  });

  it("end as a dead letter where there is nowhere to answer", async () => {
    const house = await open("[IMAGE:cat.png]");
    house.channel.failSends(new NoReplyRouteError("nowhere", { conversationId: "c1" }));
    await expect(answered(house, "dead")).resolves.toEqual([]);
  });

  it("are named to the agent by the markers that exist", async () => {
    const agent = createMarkerAgent("ok");
    await answered(await open("", { agent, capabilities: { mediaOut: ["image", "audio"] } }));
    expect(agent.requests).toMatchObject([{ hints: { markers: ["IMAGE", "VOICE"] } }]);
  });
});

/** Stops a gateway whose platform takes nothing after `sent` parts. */
async function leaveUnsent(answer: string, sent: number): Promise<string> {
  const house = await open(answer);
  const { folder, channel, clock, gateway } = house;
  channel.failSends(...Array.from({ length: sent }, () => undefined), ...Array.from({ length: 50 }, () => new TransientError("503")));
  await channel.say("m");
  await house.until("part-retried");
  const stopped = gateway.stop();
  await clock.advance(25_000);
  await stopped;
  return folder;
}

async function goOn(folder: string): Promise<string[]> {
  const house = await openHouse({ folder, channel: { capabilities: IMAGES } });
  await house.until("settled");
  await house.gateway.stop();
  return postedBy(house);
}

describe("an answer on the disk", () => {
  it("keeps its files by name, and goes on with them after a restart", async () => {
    const folder = await leaveUnsent("one\n[IMAGE:cat.png]\ntwo", 1);
    expect(JSON.parse(String(rowOf(folder, "m")["parts"]))).toEqual(["one", { media: { kind: "image", target: "cat.png" } }, "two"]);
    await expect(goOn(folder)).resolves.toEqual(["<cat.png>", "two"]);
  });

  it("is read as an earlier release wrote it: texts alone", async () => {
    const folder = await leaveUnsent("one", 0);
    const database = new DatabaseSync(join(folder, "state.sqlite"));
    database.prepare("UPDATE inbox SET parts = ? WHERE message_id = 'm'").run('["old","words"]');
    database.close();
    await expect(goOn(folder)).resolves.toEqual(["old", "words"]);
  });
});
