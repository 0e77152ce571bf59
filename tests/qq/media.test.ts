import type { AttachmentKind, OutboundMedia } from "@revka/core";
import type { Fault, FaultRule } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { openQq, openTalk } from "./qq-house.ts";

const FILES = "/v2/users/user-1/files";
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52]);
const MP4 = Uint8Array.from([0, 0, 0, 0x18, ...new TextEncoder().encode("ftypmp42")]);
const SILK = Uint8Array.from([2, ...new TextEncoder().encode("#!SILK_V3 voice")]);
const WAV = new TextEncoder().encode("RIFF....WAVEfmt ");
const MP3 = Uint8Array.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 0]);
const OGG = new TextEncoder().encode("OggS....");
const PDF = new TextEncoder().encode("%PDF-1.7\nplan");

const TEN_MB = 10_485_760;

/** A picture on the web. */
const A_CAT: FaultRule = { method: "GET", path: "/cat.png", fault: { kind: "answer", headers: { "content-type": "image/png" }, base64: Buffer.from(PNG).toString("base64") } };

/** A talk in which any number of answers may be given. */
async function openChatty(group?: string) {
  const talk = await openTalk(group);
  talk.qq.behave({ privateReplies: 10_000, groupReplies: 10_000, proactivePerSecond: 10_000, proactivePerMinute: 10_000, proactivePerMinuteAndTarget: 10_000 });
  return { ...talk, show: (media: OutboundMedia) => talk.reply("", { media }) };
}

describe("media", () => {
  it.each<[string, AttachmentKind, string | undefined, Uint8Array, number]>([
    ["a picture", "image", "a.png", PNG, 1],
    ["a video", "video", "a.mp4", MP4, 2],
    ["a file", "file", "plan.pdf", PDF, 4],
    ["a voice message", "audio", "a.mp3", MP3, 3],
    ["a voice message", "audio", "A.WAV", WAV, 3],
    ["a voice message", "audio", "a.silk", SILK, 3],
    ["a file", "audio", "a.ogg", OGG, 4],
    ["a file", "audio", "a.m4a", OGG, 4],
    ["a file", "audio", "mp3", MP3, 4],
  ])("is shown as %s: %s %s (QQ-26, GW-58)", async (_title, kind, name, bytes, fileType) => {
    const { qq, show, asked } = await openChatty();
    await show({ kind, bytes, ...(name !== undefined && { name }) });
    expect(qq.uploads).toMatchObject([{ fileType, via: "data", user: "user-1", ...(fileType === 4 && { name }) }]);
    expect(new Uint8Array(qq.uploads[0]?.bytes ?? [])).toEqual(bytes);
    expect(qq.sent).toMatchObject([{ kind: "media", msgId: asked.id, payload: { msg_type: 7, content: " " } }]);
  });

  it("comes behind its text, as a message of its own", async () => {
    const { qq, reply } = await openChatty("G1");
    await reply("here:", { media: { kind: "image", bytes: PNG, name: "a.png" } });
    expect(qq.sent).toMatchObject([{ kind: "markdown", text: "here:", msgSeq: 1, group: "G1" }, { kind: "media", msgSeq: 2, media: { group: "G1" } }]);
  });

  it("of 10,485,760 bytes is taken, one byte more is refused before any call (QQ-25, QQ-D08, GW-58)", async () => {
    const { qq, show, failureOf, during, calls } = await openChatty();
    await during(show({ kind: "file", bytes: new Uint8Array(TEN_MB), name: "large.bin" }));
    expect(qq.uploads[0]?.bytes).toHaveLength(TEN_MB);
    const error = await failureOf(show({ kind: "file", bytes: new Uint8Array(TEN_MB + 1), name: "larger.bin" }));
    expect(error).toMatchObject({ code: "too-large", limit: TEN_MB, actual: TEN_MB + 1 });
    expect(String(error)).toContain("QQ attachment too large (10485761 bytes, max 10485760): larger.bin");
    expect(calls(FILES)).toHaveLength(1);
  }, 30_000);

  it("that cannot be shown as a voice message (850019) is sent as a file", async () => {
    const { qq, show } = await openChatty();
    await show({ kind: "audio", bytes: PDF, name: "not-really.silk" });
    expect(qq.uploads).toMatchObject([{ fileType: 4, name: "not-really.silk" }]);
    expect(qq.sent).toMatchObject([{ kind: "media" }]);
  });

  it.each<[string, Fault]>([
    ["the day's quota is used up", { kind: "answer", status: 400, body: '{"code":40093002,"message":"no more today"}' }],
    ["it is too large for the platform", { kind: "answer", status: 400, body: '{"code":850031,"message":"too large"}' }],
    ["the bot is muted", { kind: "answer", status: 400, body: '{"code":850018,"message":"muted"}' }],
    ["the answer is no JSON", { kind: "answer", body: "<html>" }],
    ["the server fails on and on", { kind: "answer", status: 500, body: '{"code":10000,"message":"internal"}' }],
  ])("fails with an error of ours where %s, and the text before it has gone out (QQ-D08)", async (_title, fault) => {
    const { sandbox: { faults }, qq, reply, failureOf } = await openChatty();
    faults.add({ path: FILES, times: "always", fault });
    const error = await failureOf(reply("here:", { media: { kind: "file", bytes: PDF, name: "plan.pdf" } }));
    expect(error).toMatchObject({ isChannelError: true, progress: { delivered: 1, total: 2 } });
    expect(qq.sent).toMatchObject([{ text: "here:" }]);
  });

  it("whose message is refused is told as such (QQ-D08)", async () => {
    const { qq, show, failureOf } = await openChatty();
    qq.refuse(40034006);
    expect(String(await failureOf(show({ kind: "image", bytes: PNG, name: "a.png" })))).toContain("QQ send media message failed (");
  });

  it("whose upload is refused is told as such (QQ-D08)", async () => {
    const { qq, show, failureOf } = await openChatty();
    qq.refuse({ code: 40093002, call: "files" });
    expect(String(await failureOf(show({ kind: "image", bytes: PNG, name: "a.png" })))).toContain("QQ upload media failed (");
  });
});

describe("media by its address", () => {
  it("is fetched by the platform", async () => {
    const { sandbox: { url, faults }, qq, show, calls } = await openChatty();
    faults.add(A_CAT);
    await show({ kind: "image", url: `${url}/qq/cat.png` });
    expect(JSON.parse(calls(FILES)[0]?.body.text ?? "")).toEqual({ file_type: 1, url: `${url}/qq/cat.png`, srv_send_msg: false });
    expect(qq.uploads).toMatchObject([{ via: "url", fileType: 1 }]);
    expect(qq.sent).toMatchObject([{ kind: "media" }]);
  });

  it.each([["a.mp3", 3], ["a.mp3?x=1", 3], ["a.WAV#top", 3], ["a.ogg", 4], ["voice", 4]])("is a voice message or a file by its name: %s (QQ-26)", async (file, fileType) => {
    const { sandbox: { faults }, show, calls, failureOf } = await openChatty();
    faults.add({ path: FILES, times: "always", fault: { kind: "answer", status: 400, body: '{"code":40093002,"message":"no"}' } });
    await failureOf(show({ kind: "audio", url: `https://example.com/${file}` }));
    expect(JSON.parse(calls(FILES)[0]?.body.text ?? "")).toMatchObject({ file_type: fileType });
  });

  it.each([850026, 850027, 304082])("that the platform cannot fetch (%i) is fetched here and sent as bytes", async (code) => {
    const { sandbox: { url, faults }, qq, show } = await openChatty();
    faults.add(A_CAT);
    qq.refuse({ code, call: "files" });
    await show({ kind: "image", url: `${url}/qq/cat.png` });
    expect(qq.uploads).toMatchObject([{ via: "data", fileType: 1 }]);
    expect(new Uint8Array(qq.uploads[0]?.bytes ?? [])).toEqual(PNG);
    expect(qq.sent).toMatchObject([{ kind: "media" }]);
  });

  it.each(["https://10.0.0.1/a.png", "https://169.254.169.254/latest/meta-data", "http://example.com/a.png"])("is never fetched here from where nobody should look: %s", async (url) => {
    const { qq, show, failureOf } = await openChatty();
    qq.refuse(850026, 10);
    expect(await failureOf(show({ kind: "image", url }))).toHaveProperty("isChannelError", true);
    expect(qq.uploads).toEqual([]);
    expect(qq.sent).toEqual([]);
  });
});

describe("an upload", () => {
  it("of the same file in one scene happens once, to whomever it goes (QQ-24)", async () => {
    const { qq, show, channel, calls } = await openChatty();
    qq.meet("user-2");
    const media = { kind: "image", bytes: PNG, name: "a.png" } as const;
    await show(media);
    await show({ ...media, bytes: PNG.slice() });
    await channel.send({ target: { conversationId: "user:user-2" }, text: "", media });
    expect(qq.uploads).toHaveLength(1);
    expect(qq.sent).toHaveLength(3);
    expect(calls("/v2/users/user-2/files")).toEqual([]);
  });

  it("happens again for the other scene, another kind, another name of a file, and other bytes", async () => {
    const { qq, show, channel } = await openChatty();
    qq.meet({ group: "G1" });
    const media = { kind: "file", bytes: PNG, name: "a.png" } as const;
    await show(media);
    await channel.send({ target: { conversationId: "group:G1" }, text: "", media });
    await show({ ...media, kind: "image" });
    await show({ ...media, name: "b.png" });
    await show({ ...media, bytes: Uint8Array.from([...PNG, 0]) });
    expect(qq.uploads).toHaveLength(5);
  });

  it("of the same file by two at the same time happens once", async () => {
    const { qq, show } = await openChatty();
    const media = { kind: "image", bytes: PNG, name: "a.png" } as const;
    await Promise.all([show(media), show(media), show(media)]);
    expect(qq.uploads).toHaveLength(1);
    expect(qq.sent).toHaveLength(3);
  });

  it.each([
    ["for as long as the platform says", 600, [500_000, 101_000], [1, 1, 2]],
    ["for a day where the platform keeps it for ever", 0, [86_300_000, 101_000], [1, 1, 2]],
    ["not at all where the platform says nothing", null, [1_000], [1, 2]],
  ])("is remembered %s (QQ-24, GW-58)", async (_title, fileTtlSecs, waitsMs, expected) => {
    const { qq, show, pass } = await openChatty();
    qq.behave({ fileTtlSecs });
    const media = { kind: "image", bytes: PNG, name: "a.png" } as const;
    const counts: number[] = [];
    for (const waitMs of [0, ...waitsMs]) {
      await pass(waitMs);
      await show(media);
      counts.push(qq.uploads.length);
    }
    expect(counts).toEqual(expected);
  });

  it("that the platform has forgotten (304080) is made once more", async () => {
    const { qq, show } = await openChatty();
    const media = { kind: "image", bytes: PNG, name: "a.png" } as const;
    await show(media);
    qq.expireUploads();
    await show(media);
    expect(qq.uploads).toHaveLength(2);
    expect(qq.sent).toHaveLength(2);
  });

  it("that the platform forgets at once is not made without end", async () => {
    const { qq, show, failureOf } = await openChatty();
    qq.refuse(304080, 100);
    expect(await failureOf(show({ kind: "image", bytes: PNG, name: "a.png" }))).toMatchObject({ platformCode: "304080" });
    expect(qq.uploads).toHaveLength(2);
  });

  it("is remembered for five hundred files, of which the one longest not used goes first (QQ-23, GW-58)", async () => {
    const { qq, show, pass } = await openChatty();
    const media = (n: number) => ({ kind: "file", bytes: new TextEncoder().encode(`file ${n}`), name: "note.txt" }) as const;
    for (let n = 0; n < 500; n += 1) {
      if (n % 40 === 0) await pass(1_000); // the platform takes fifty in a second
      await show(media(n));
    }
    await show(media(0));
    expect(qq.uploads).toHaveLength(500);
    await show(media(500));
    await show(media(0));
    expect(qq.uploads).toHaveLength(501);
    await show(media(1));
    expect(qq.uploads).toHaveLength(502);
  }, 60_000);

  it("is remembered by the next program on the same store (QQ-24)", async () => {
    const { qq, show, stop, open, target } = await openChatty();
    const media = { kind: "image", bytes: PNG, name: "a.png" } as const;
    await show(media);
    await stop();
    await open().send({ target, text: "", media });
    expect(qq.uploads).toHaveLength(1);
    expect(qq.sent).toHaveLength(2);
  });

  it("that hangs ends with its signal, and the next one goes through", async () => {
    const { sandbox: { faults }, qq, channel, target, show } = await openChatty();
    const media = { kind: "image", bytes: PNG, name: "a.png" } as const;
    const hanging = faults.add({ path: FILES, fault: { kind: "hang" } });
    const abort = new AbortController();
    const sending = channel.send({ target, text: "", media }, abort.signal);
    await hanging.struck;
    const reason = new RangeError("not needed any more");
    abort.abort(reason);
    await expect(sending).rejects.toBe(reason);
    await show(media);
    expect(qq.sent).toHaveLength(1);
  });
});

it("takes every kind, also by its address, and says so", async () => {
  const { open } = await openQq();
  const { capabilities } = open();
  expect(capabilities).toMatchObject({ takesUrls: true, markdown: true, proactive: true, text: { limit: 3_600, unit: "bytes" } });
  expect(capabilities.mediaOut.toSorted()).toEqual(["audio", "file", "image", "video"]);
  expect(capabilities.mediaIn.toSorted()).toEqual(["audio", "file", "image", "video"]);
});
