import type { WecomPayload } from "@revka/channel-wecom";
import type { OutboundMedia } from "@revka/core";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openWecom, type WecomHouse } from "../support/wecom-house.ts";

const MIB = 1024 * 1024;
const UPLOAD = "/cgi-bin/webhook/upload_media";
const target = { conversationId: "" };
/** The picture of the sheet's vector, and its md5. */
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const PNG_MD5 = "f829b914fc47cfc9c0747c119c27cf1b";

/** A file of so many bytes that begins like `head`. */
function padded(head: Uint8Array, bytes: number): Buffer {
  return Buffer.concat([head], bytes);
}

/** A recording of so many seconds, in frames of 20 ms. */
function amr(seconds: number): Buffer {
  const frame = Buffer.alloc(32);
  frame[0] = 7 << 3;
  return Buffer.concat([Buffer.from("#!AMR\n"), ...Array.from({ length: seconds * 50 }, () => frame)]);
}

function sendMedia({ channel }: WecomHouse, media: OutboundMedia, text = ""): Promise<unknown> {
  return channel.send({ target, text, media });
}

describe("the platform's own kinds", () => {
  it.each<WecomPayload>([
    { msgtype: "text", text: { content: "deploy 41 finished <@li.si>", mentioned_list: ["li.si", "@all"], mentioned_mobile_list: ["13900000001"] } },
    { msgtype: "markdown", markdown: { content: "# Build <@li.si>" } },
    { msgtype: "markdown", markdown: { content: "你".repeat(1365) } },
    { msgtype: "markdown_v2", markdown_v2: { content: "# Build\n| step | result |\n| :-- | --: |\n| lint | ok |" } },
    { msgtype: "image", image: { base64: PNG.toString("base64"), md5: PNG_MD5 } },
    { msgtype: "news", news: { articles: [{ title: "Weekly", description: "three items", url: "https://example.com/w", picurl: "https://example.com/w.png" }] } },
    { msgtype: "template_card", template_card: { card_type: "text_notice", main_title: { title: "Disk alert" }, sub_title_text: "host-7 at 93%", card_action: { type: 1, url: "https://example.com/d" } } },
    {
      msgtype: "template_card",
      template_card: {
        card_type: "news_notice",
        main_title: { title: "Weekly", desc: "three items" },
        card_image: { url: "https://example.com/w.png", aspect_ratio: 1.3 },
        card_action: { type: 2, appid: "app-1", pagepath: "/index" },
      },
    },
  ])("pass the strict webhook as the types allow them: $msgtype (WECOM-39)", async (payload) => {
    const { channel, wecom } = await openWecom();
    await channel.api.post(payload);
    expect(wecom.sent()).toMatchObject([{ msgtype: payload.msgtype }]);
  });
});

describe("a picture", () => {
  it("stands inside its message, with the md5 of its bytes (WECOM-39)", async () => {
    const house = await openWecom();
    await sendMedia(house, { kind: "image", bytes: PNG }, "look");
    expect(house.wecom.sent()).toMatchObject([{ msgtype: "text", text: "look" }, { msgtype: "image", payload: { md5: PNG_MD5, bytes: 70 } }]);
  });

  it.each<[string, Buffer, string]>([
    ["of 2 MiB", padded(PNG, 2 * MIB), "image"],
    ["of 2 MiB and a byte", padded(PNG, 2 * MIB + 1), "file"],
    ["that is a GIF", padded(Buffer.from("GIF89a"), 100), "file"],
  ])("%s goes as the kind that takes it (WECOM-39)", async (_title, bytes, msgtype) => {
    const house = await openWecom();
    await sendMedia(house, { kind: "image", bytes });
    expect(house.wecom.sent()).toMatchObject([{ msgtype }]);
  });
});

describe("a file", () => {
  it.each(["report.pdf", "季度 报告 (最终).pdf", 'a"b\\c.txt'])("named %s is uploaded whole and then posted by its id (WECOM-39)", async (name) => {
    const house = await openWecom();
    const bytes = Buffer.from("%PDF-1.7 and more");
    await sendMedia(house, { kind: "file", bytes, name });
    const [upload] = house.wecom.uploads;
    expect(upload).toMatchObject({ type: "file", bytes: bytes.length, md5: createHash("md5").update(bytes).digest("hex"), name });
    expect(house.wecom.sent()).toMatchObject([{ msgtype: "file", payload: { media_id: upload?.mediaId } }]);
  });

  it.each<[string, number, number]>([["20 MiB", 20 * MIB, 1], ["a byte more", 20 * MIB + 1, 0]])("of %s is taken or refused before any request (WECOM-39)", async (_title, size, uploads) => {
    const house = await openWecom();
    const sent = sendMedia(house, { kind: "file", bytes: Buffer.alloc(size, 1), name: "big.bin" });
    if (uploads === 0) await expect(sent).rejects.toMatchObject({ code: "too-large" });
    else await sent;
    expect(house.wecom.uploads).toHaveLength(uploads);
    expect(house.calls()).toHaveLength(2 * uploads);
  });

  it("of five bytes is refused by the platform, in its words", async () => {
    const house = await openWecom();
    await expect(sendMedia(house, { kind: "file", bytes: Buffer.from("12345"), name: "tiny.txt" })).rejects.toMatchObject({ code: "platform", platformCode: "40006" });
  });

  it("is uploaded again when its id is no longer known, once", async () => {
    const house = await openWecom();
    house.spoil({ kind: "answer", body: '{"errcode":40007,"errmsg":"invalid media_id"}' });
    await sendMedia(house, { kind: "file", bytes: Buffer.from("contents"), name: "a.txt" });
    expect(house.wecom.uploads).toHaveLength(2);
    expect(house.wecom.sent()).toMatchObject([{ payload: { media_id: house.wecom.uploads[1]?.mediaId } }]);
  });

  it("is uploaded again when the answer is lost, for nobody has seen it, and posted once", async () => {
    const house = await openWecom();
    house.sandbox.faults.add({ path: UPLOAD, fault: { kind: "reset", at: "after-work" } });
    const sent = sendMedia(house, { kind: "file", bytes: Buffer.from("contents"), name: "a.txt" });
    await house.clock.untilPending(1);
    await house.clock.advance(1_000);
    await sent;
    expect(house.wecom.sent()).toHaveLength(1);
  });
});

describe("a voice", () => {
  it.each<[string, Buffer, string]>([
    ["of 60 s", amr(60), "voice"],
    ["of 61 s", amr(61), "file"],
    ["of more than 2 MiB", amr(1_400), "file"],
    ["that is no AMR", padded(Buffer.from("OggS"), 100), "file"],
    ["that is AMR by its name only", padded(Buffer.from("#!AMR\n\x60"), 100), "file"],
  ])("%s goes as the kind that takes it (WECOM-39)", async (_title, bytes, msgtype) => {
    const house = await openWecom();
    await sendMedia(house, { kind: "audio", bytes });
    expect(house.wecom.sent()).toMatchObject([{ msgtype }]);
  });
});
