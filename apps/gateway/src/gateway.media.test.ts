import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Attachment, Channel, MediaBytes } from "@revka/core";
import { describe, expect, it } from "vitest";
import type { TranscriptionSettings } from "./config/settings.ts";
import { createMarkerAgent } from "./testing/test-agent.test-support.ts";
import { createFolder, openHouse, type TestHouse, type TestHouseOptions } from "./testing/test-house.test-support.ts";
import { openWhisperServer } from "./transcription/whisper-server.test-support.ts";

const PNG = Uint8Array.from(Buffer.from("89504e470d0a1a0a", "hex"));
const OGG = Uint8Array.from(Buffer.from("4f67675300", "hex"));
const image: Attachment = { kind: "image", ref: "i" };
const notes: Attachment = { kind: "file", ref: "n", name: "notes.md" };
const voice: Attachment = { kind: "audio", ref: "v" };

const FILES: Readonly<Record<string, MediaBytes>> = { i: { bytes: PNG }, n: { bytes: new TextEncoder().encode("# hi\n") }, v: { bytes: OGG } };
const download: NonNullable<Channel["download"]> = ({ ref }) => Promise.resolve(FILES[typeof ref === "string" ? ref : ""] ?? { bytes: PNG });

async function ask(parts: readonly Attachment[], options: TestHouseOptions = {}) {
  const agent = createMarkerAgent("ok");
  const house: TestHouse = await openHouse({ agent, channel: { methods: { download } }, ...options });
  await house.channel.say("look", { id: "m", parts: [{ kind: "text", text: "look" }, ...parts] });
  await house.until("settled");
  return { house, message: agent.requests[0]?.message };
}

describe("the files of a message", () => {
  it("reach the agent inlined and as bytes (GW-57)", async () => {
    const { house, message } = await ask([image, notes]);
    expect(message?.rendered).toBe("look\n[IMAGE:data:image/png;base64,iVBORw0KGgo=]\n[FILE:notes.md]\n```md\n# hi\n```");
    expect(message?.text).toBe("look");
    expect(message?.media).toMatchObject([{ part: 1, bytes: PNG }, { part: 2, name: "notes.md" }]);
    await house.gateway.stop();
  });

  it("are in memory only", async () => {
    const { house } = await ask([image]);
    await house.gateway.stop();
    const disk = ["state.sqlite", "state.sqlite-wal"].map((name) => {
      try {
        return readFileSync(join(house.folder, name), "latin1");
      } catch {
        return "";
      }
    });
    expect(disk.join("") + house.logger.text()).not.toContain("iVBORw0KGgo=");
  });

  it("are not fetched before the message is accepted (GW-50)", async () => {
    const gate = Promise.withResolvers<MediaBytes>();
    const house = await openHouse({ agent: createMarkerAgent("ok"), channel: { methods: { download: () => gate.promise } } });
    await expect(house.channel.say("m", { parts: [image] })).resolves.toBe("accepted");
    await house.clock.advance(0);
    expect(house.steps()).toEqual(["received m", "accepted m"]);
    gate.resolve({ bytes: PNG });
    await house.until("settled");
    await house.gateway.stop();
  });

  it("cost nobody else's turn while they are slow", async () => {
    const house = await openHouse({
      agent: createMarkerAgent("ok"),
      dispatch: { maxInFlight: 1 },
      channel: { methods: { download: () => new Promise(() => undefined) } },
    });
    await house.channel.say("slow", { parts: [image] });
    await house.channel.say("quick", { conversationId: "c2" });
    await house.until("settled");
    expect(house.channel.sent).toMatchObject([{ target: { conversationId: "c2" } }]);
    await house.clock.advance(60_000);
    await house.until("settled", 2);
    await house.gateway.stop();
  });

  it("are fetched again after a stop cut that short", async () => {
    const folder = createFolder();
    const house = await openHouse({ folder, channel: { methods: { download: () => new Promise(() => undefined) } } });
    await house.channel.say("m", { parts: [image] });
    await house.gateway.stop();
    const agent = createMarkerAgent("ok");
    const next = await openHouse({ folder, agent, channel: { methods: { download } } });
    await next.until("settled");
    expect(agent.requests).toMatchObject([{ attempt: 1, message: { media: [{ part: 0 }] } }]);
    await next.gateway.stop();
  });
});

describe("a voice message", () => {
  const settingsFor = (url: string): TranscriptionSettings => ({ provider: "local_whisper", url, maxBytes: 100, maxDurationMs: 10_000, timeoutMs: 5_000 });

  it("is what was said, in the channels whose operator wants that (LARK-42)", async () => {
    const server = await openWhisperServer({ status: 200, body: '{"text":"restart [FILE:x] the build"}' });
    const settings = { channels: { test: { transcription: settingsFor(server.url) } } };
    const { house, message } = await ask([voice], { settings });
    expect(message?.rendered).toBe("look\nrestart (FILE:x] the build");
    await house.gateway.stop();
  });

  it("is said to have been there where nobody could transcribe it", async () => {
    const server = await openWhisperServer({ status: 400, body: "the model is gone" });
    const settings = { channels: { test: { transcription: settingsFor(server.url) } } };
    const { house, message } = await ask([voice], { settings });
    expect(message?.rendered).toBe("look\n[Audio: transcription failed]");
    expect(house.posted().join("")).not.toContain("model");
    await house.gateway.stop();
  });

  it("is said to be there where transcription is off", async () => {
    const { house, message } = await ask([voice]);
    expect(message?.rendered).toBe("look\n[Audio: attached]");
    await house.gateway.stop();
  });
});

it("keeps a folder for the files of agents, for its owner alone (P-5)", async () => {
  const { house } = await ask([]);
  expect(statSync(join(house.folder, "workspace", "outbox")).mode & 0o777).toBe(0o700);
  await house.gateway.stop();
});
