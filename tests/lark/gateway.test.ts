import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createLarkChannel } from "@revka/channel-lark";
import { silentLogger } from "@revka/core";
import { createGateway, type Agent, type GatewayOptions, type Settings, type TurnEvent } from "@revka/gateway";
import { startSandbox, type LarkContent, type LarkControl } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { testSettings } from "../support/settings.ts";
import { tempFolder } from "../support/temp-folder.ts";

const IMAGES = {
  "image/png": Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
  "image/jpeg": Buffer.from("ffd8ffe000104a464946", "hex"),
  "image/gif": Buffer.from("GIF89a\x01\0\x01\0", "latin1"),
  "image/webp": Buffer.from("RIFF\x0c\0\0\0WEBPVP8 ", "latin1"),
  "image/bmp": Buffer.from("424d1e000000000000001a00000028000000", "hex"),
} as const;
const PNG = IMAGES["image/png"];

interface GatewayHouse {
  readonly lark: LarkControl;
  /** Says something to the bot; gives what the agent reads, once the answer is there. */
  readonly read: (content: string | LarkContent) => Promise<string>;
}

async function openGateway(settings: Settings = testSettings(), answer: readonly TurnEvent[] = [{ kind: "done", text: "thanks" }]): Promise<GatewayHouse> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const { lark } = sandbox;
  const { appId, appSecret } = lark.credentials;
  const readings: string[] = [];
  const agent: Agent = {
    kind: "test",
    async *turn({ message }) {
      readings.push(message.rendered);
      for (const event of answer) yield await Promise.resolve(event);
    },
  };
  const createChannels: GatewayOptions["createChannels"] = (contextOf) =>
    Promise.resolve({ channels: [createLarkChannel({ appId, appSecret, baseUrl: lark.url, allowedUsers: ["*"] }, contextOf("lark"))], warnings: [] });
  const gateway = await createGateway({ folder: await tempFolder(), settings, logger: silentLogger, agent, createChannels });
  onTestFinished(() => gateway.stop());
  await gateway.start();
  await lark.nextConnection();
  return {
    lark,
    async read(content) {
      lark.say("ou_ann", content);
      await lark.nextReply("ou_ann");
      return readings.at(-1) ?? "";
    },
  };
}

const file = (fileName: string, bytes: Uint8Array): LarkContent => ({ type: "file", fileName, bytes });

describe("what an agent reads of what people send on Lark", () => {
  it.each(Object.entries(IMAGES))("is a picture's data, of %s (LARK-36, LARK-38)", async (mediaType, bytes) => {
    const { read } = await openGateway();
    const marker = `[IMAGE:data:${mediaType};base64,${bytes.toString("base64")}]`;
    expect(await read({ type: "image", bytes, contentType: "application/octet-stream" })).toBe(marker);
    expect(await read({ type: "post", content: [[{ tag: "text", text: "look: " }, { tag: "img", bytes }]] })).toContain(marker);
    expect(await read(file("shot.dat", bytes))).toBe(marker);
  });

  it("is a picture up to 5 MiB, and a word about a larger one (LARK-37)", async () => {
    const { read } = await openGateway();
    const pictureOf = (size: number): LarkContent => ({ type: "image", bytes: Buffer.concat([PNG], size) });
    expect(await read(pictureOf(5 * 1024 * 1024))).toMatch(/^\[IMAGE:data:image\/png;base64,/);
    expect(await read(pictureOf(5 * 1024 * 1024 + 1))).toMatch(/^\[ATTACHMENT:.* too large to inline\]$/);
  });

  it("is a text file whole, up to 512 KiB, however it is fenced inside (LARK-39, LARK-40, LARK-78)", async () => {
    const { read } = await openGateway();
    expect(await read(file("notes.md", Buffer.from("a\n```\nb\n```\n")))).toBe("[FILE:notes.md]\n````md\na\n```\nb\n```\n````");
    const whole = "一".repeat((512 * 1024 - 2) / 3) + "ab";
    expect(Buffer.byteLength(whole)).toBe(512 * 1024);
    expect(await read(file("long.txt", Buffer.from(whole)))).toBe(`[FILE:long.txt]\n\`\`\`txt\n${whole}\n\`\`\``);
    expect(await read(file("longer.txt", Buffer.from(`${whole}c`)))).toMatch(/^\[ATTACHMENT:longer\.txt \|.*too large to inline\]$/);
  });

  it.each<[string, LarkContent, RegExp]>([
    ["a file with a NUL", file("data.txt", Buffer.from("a\0b")), /^\[ATTACHMENT:data\.txt \|.* size=3 bytes\]$/],
    ["a text in another encoding", file("gbk.txt", Buffer.from("c4e3bac3", "hex")), /^\[ATTACHMENT:gbk\.txt \|.* size=4 bytes\]$/],
    ["an empty archive", file("a.zip", Buffer.from("PK\x05\x06".padEnd(22, "\0"), "latin1")), /^\[ATTACHMENT:a\.zip \|.* size=22 bytes\]$/],
    ["a file without a name", { type: "other", as: "file", content: { file_key: "file_v3_none" } }, /^\[ATTACHMENT:unknown_file \| download failed\]$/],
    ["a file that is gone", { type: "other", as: "file", content: { file_key: "file_v3_none", file_name: "plan.pdf" } }, /^\[ATTACHMENT:plan\.pdf \| download failed\]$/],
    ["a video", { type: "media", fileName: "clip.mp4", bytes: PNG }, /clip\.mp4/],
    ["a sticker", { type: "other", as: "sticker", content: { file_key: "file_v3_none" } }, /sticker/i],
  ])("is a line about %s (LARK-41)", async (_title, content, expected) => {
    const { read } = await openGateway();
    expect(await read(content)).toMatch(expected);
  });

  it("is what was said in a voice message, up to 25 MiB of it, where somebody transcribes (LARK-42, LARK-43)", async () => {
    const { url, heard } = await startWhisper();
    const settings = testSettings();
    const transcription = { provider: "local_whisper", url, maxDurationMs: 120_000, maxBytes: 100 * 1024 * 1024, timeoutMs: 60_000 } as const;
    const { read } = await openGateway({ ...settings, channels: { lark: { transcription } } });
    expect(await read({ type: "audio", bytes: Buffer.alloc(25 * 1024 * 1024, "OggS") })).toBe("restart the build");
    expect(heard).toHaveLength(1);
    expect(await read({ type: "audio", bytes: Buffer.alloc(25 * 1024 * 1024 + 1, "OggS") })).toMatch(/^\[Audio: /);
    expect(heard).toHaveLength(1);
  });

  it("is a word about a voice message where nobody does", async () => {
    const { read } = await openGateway();
    expect(await read({ type: "audio", bytes: Buffer.from("OggS") })).toBe("[Audio: attached]");
  });
});

describe("what people see of an agent on Lark", () => {
  it("is a reaction to each accepted message in its language, and none to a duplicate (LARK-44)", async () => {
    const { lark } = await openGateway(testSettings({ dispatch: { ackReactions: true } }));
    const id = lark.say("ou_ann", "こんにちは");
    await lark.nextReply("ou_ann");
    while ((await lark.nextReaction()).messageId !== id);
    lark.redeliver(id);
    const second = lark.say("ou_ann", "hello");
    await lark.nextReply("ou_ann");
    const acksOf = (messageId: string): readonly string[] => lark.reactions.filter((reaction) => reaction.messageId === messageId && reaction.emoji !== "Typing").map(({ emoji }) => emoji);
    await expect.poll(() => acksOf(second)).toHaveLength(1);
    expect(acksOf(id)).toEqual([expect.stringMatching(/^(OK|THUMBSUP|THANKS|APPLAUSE|FINGERHEART|SALUTE|SMILE|DONE)$/)]);
  });

  it("is a sign of typing on the question, until the answer is there (LARK-45)", async () => {
    const { lark } = await openGateway();
    const messageId = lark.say("ou_ann", "hello");
    const { order } = await lark.nextReply("ou_ann");
    const signs = (): readonly { isRemoved: boolean }[] => lark.reactions.filter(({ emoji }) => emoji === "Typing");
    await expect.poll(signs).toMatchObject([{ messageId, isRemoved: false }, { messageId, isRemoved: true }]);
    expect(lark.reactions[0]?.order).toBeLessThan(order);
  });

  it("is a card that grows where that is asked for, shown once and whole at the end", async () => {
    const words = Array.from({ length: 20 }, (_, index) => `word ${index}\n`);
    const answer = [...words.map((text): TurnEvent => ({ kind: "delta", text })), { kind: "done", text: words.join("") }] as const;
    const { lark } = await openGateway(testSettings({ dispatch: { streamMode: "partial" } }), answer);
    lark.say("ou_ann", "tell me");
    const { messageId } = await lark.nextReply("ou_ann");
    const shown = await lark.awaitSent((sent) => sent.messageId === messageId && !sent.isStreaming && sent.text.includes("word 19"));
    expect(shown.text.trim()).toBe(words.join("").trim());
    expect(lark.sent).toHaveLength(1);
  });
});

/** A transcription service that always hears the same. */
async function startWhisper(): Promise<{ readonly url: string; readonly heard: readonly number[] }> {
  const heard: number[] = [];
  const server = createServer((request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      heard.push(Buffer.concat(chunks).length);
      response.end('{"text":"restart the build"}');
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/audio/transcriptions` };
}
