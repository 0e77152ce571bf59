import type { Attachment, Channel } from "@revka/core";
import { describe, expect, it } from "vitest";
import { attachmentOf } from "./attachment.ts";
import { createDownload } from "./download.ts";
import { startRestPeer, type RestPeer, type TestAnswer } from "./rest-peer.test-support.ts";

const PNG = Buffer.from("89504e470d0a1a0a00000000", "hex");
const IMAGE = attachmentOf("image", { messageId: "om_1", key: "img_v3_1" });
const VOICE = attachmentOf("audio", { messageId: "om_1", key: "file_v3_1", name: "voice.m4a" });
const FETCH = /\/resources\//;

interface Subject extends RestPeer {
  readonly download: NonNullable<Channel["download"]>;
}
async function openDownload(...answers: readonly TestAnswer[]): Promise<Subject> {
  const peer = await startRestPeer();
  peer.answer(FETCH, ...answers);
  return { ...peer, download: createDownload(peer) };
}

describe("createDownload", () => {
  it.each<[string, Attachment, string]>([
    ["a picture", IMAGE, "GET im/v1/messages/om_1/resources/img_v3_1?type=image"],
    ["a voice", VOICE, "GET im/v1/messages/om_1/resources/file_v3_1?type=file"],
    ["a film", attachmentOf("video", { messageId: "om_1", key: "f" }), "GET im/v1/messages/om_1/resources/f?type=file"],
    ["a file with an odd key", attachmentOf("file", { messageId: "om_1", key: "a/b" }), "GET im/v1/messages/om_1/resources/a%2Fb?type=file"],
  ])("asks for %s by its message", async (_title, attachment, expected) => {
    await using subject = await openDownload({ bytes: PNG, headers: { "content-type": "application/octet-stream" } });
    expect(await subject.download(attachment, { maxBytes: 100 })).toMatchObject({ bytes: new Uint8Array(PNG), mediaType: "image/png" });
    const [call] = subject.calls;
    expect(`${call?.route ?? ""}?${call?.query.toString() ?? ""}`).toBe(expected);
  });

  it("takes the sender's name, and the platform's word for what the bytes do not tell", async () => {
    await using subject = await openDownload({ bytes: Buffer.from("a,b"), headers: { "content-type": "text/csv" } });
    const file = attachmentOf("file", { messageId: "om_1", key: "f", name: "data" });
    expect(await subject.download(file, { maxBytes: 100 })).toMatchObject({ mediaType: "text/csv", name: "data" });
  });

  it("gives exactly as much as is allowed, and nothing beyond it (LARK-82)", async () => {
    await using subject = await openDownload({ bytes: PNG }, { bytes: PNG });
    await expect(subject.download(VOICE, { maxBytes: PNG.length })).resolves.toBeDefined();
    await expect(subject.download(VOICE, { maxBytes: PNG.length - 1 })).rejects.toMatchObject({
      code: "too-large", limit: PNG.length - 1, actual: PNG.length, message: `Lark audio download exceeds ${PNG.length - 1} byte limit`,
    });
  });

  it.each<[string, TestAnswer, number]>([
    ["two failures of the platform", { status: 502 }, 2],
    ["a lost answer", { isReset: true }, 1],
    ["a token that is over", { code: 99991663 }, 1],
    ["a refusal by status", { status: 401, code: 234002 }, 1],
  ])("asks again after %s", async (_title, answer, count) => {
    await using subject = await openDownload(...Array<TestAnswer>(count).fill(answer), { bytes: PNG });
    await expect(subject.hurry(subject.download(IMAGE, { maxBytes: 100 }))).resolves.toBeDefined();
    expect(subject.calls).toHaveLength(count + 1);
  });

  it.each<[string, TestAnswer, string]>([
    ["a third failure", { status: 503 }, "transient"],
    ["a file that is not of the message", { code: 234003 }, "platform"],
    ["a file over the platform's own limit", { code: 234037 }, "platform"],
    ["a message kept from bots", { code: 234038 }, "platform"],
    ["a message without files", { code: 234043 }, "platform"],
  ])("fails with %s", async (_title, answer, code) => {
    await using subject = await openDownload(...Array<TestAnswer>(3).fill(answer));
    await expect(subject.hurry(subject.download(IMAGE, { maxBytes: 100 }))).rejects.toMatchObject({ code });
    expect(subject.calls).toHaveLength(code === "transient" ? 3 : 1);
  });

  it("refuses an attachment of another platform", async () => {
    await using subject = await openDownload();
    await expect(subject.download({ kind: "image", ref: { downloadCode: "c" } }, { maxBytes: 1 })).rejects.toBeInstanceOf(TypeError);
  });

  it("gives the signal's own reason when it is aborted", async () => {
    await using subject = await openDownload();
    const reason = new RangeError("stop");
    await expect(subject.download(IMAGE, { maxBytes: 1, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
