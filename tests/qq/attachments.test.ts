import type { Attachment, InboundMessage, MessagePart } from "@revka/core";
import type { QqAttachment } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { openQq } from "./qq-house.ts";

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52]);
const PDF = new TextEncoder().encode("%PDF-1.7\nplan");
const BYTES = Uint8Array.from({ length: 1_000 }, (_, index) => index % 256);
const SILK = Uint8Array.from([2, ...new TextEncoder().encode("#!SILK_V3"), ...BYTES]);
const WAV = new TextEncoder().encode("RIFF....WAVEfmt ");

function attachmentsIn({ parts }: InboundMessage): readonly Attachment[] {
  return parts.filter((part): part is Extract<MessagePart, Attachment> => "ref" in part);
}

/** A house whose channel has just heard this. */
async function openSent(attachments: readonly QqAttachment[], text = "") {
  const house = await openQq();
  const listener = await house.listening();
  house.qq.say("user-1", { text, attachments });
  const message = await listener.next();
  const fetch = (attachment: Attachment | undefined, maxBytes = 1_000_000): Promise<Uint8Array | undefined> => {
    if (attachment === undefined) throw new TypeError("no attachment");
    return house.during(Promise.resolve(listener.channel.download?.(attachment, { maxBytes })).then((media) => media?.bytes));
  };
  return { ...house, ...listener, message, fetch };
}

describe("a file that people send", () => {
  it.each<[string, QqAttachment, Record<string, unknown>, Uint8Array]>([
    ["a picture", { kind: "image", bytes: PNG }, { kind: "image", mediaType: "image/png" }, PNG],
    ["a video", { kind: "video", bytes: BYTES }, { kind: "video", mediaType: "video/mp4" }, BYTES],
    ["a file", { kind: "file", bytes: PDF, name: "plan.pdf" }, { kind: "file", name: "plan.pdf" }, PDF],
    ["a picture that is called a file", { kind: "file", bytes: PNG, name: "photo.PNG" }, { kind: "image", name: "photo.PNG" }, PNG],
    ["a voice message", { kind: "voice", bytes: SILK }, { kind: "audio" }, SILK],
    ["a voice message with words", { kind: "voice", bytes: SILK, transcript: "restart the build" }, { kind: "audio", transcript: "restart the build" }, SILK],
    ["a voice message that everybody can play", { kind: "voice", bytes: SILK, wav: WAV }, { kind: "audio" }, WAV],
    ["audio that says what it is", { kind: "file", bytes: WAV, contentType: "audio/wav", name: "note" }, { kind: "audio" }, WAV],
  ])("arrives as what it is, and is fetched: %s", async (_title, attachment, expected, bytes) => {
    const { message, fetch } = await openSent([attachment]);
    const [found] = attachmentsIn(message);
    expect(found).toMatchObject(expected);
    expect(await fetch(found)).toEqual(bytes);
  });

  it("comes behind the words, and each of several on its own", async () => {
    const { message } = await openSent([{ kind: "voice", bytes: SILK, transcript: "one" }, { kind: "voice", bytes: BYTES, transcript: "two" }, { kind: "image", bytes: PNG }], "look");
    expect(message.parts).toMatchObject([{ kind: "text", text: "look" }, { kind: "audio", transcript: "one" }, { kind: "audio", transcript: "two" }, { kind: "image" }]);
  });

  it("is one of ten at most", async () => {
    const { message } = await openSent(Array.from({ length: 30 }, () => ({ kind: "image", bytes: PNG }) as const));
    expect(attachmentsIn(message)).toHaveLength(10);
  });

  it.each([
    ["../../etc/passwd", "passwd"],
    ["C:\\Windows\\system.ini", "system.ini"],
    ["a\u0000b\u0007.txt", "ab.txt"],
    ["..", undefined],
    ["", undefined],
  ])("has a name that is no path: %j", async (name, expected) => {
    const { message } = await openSent([{ kind: "file", bytes: PDF, name }]);
    const [found] = attachmentsIn(message);
    if (expected !== undefined) expect(found?.name).toBe(expected);
    expect(found?.name ?? "").not.toMatch(/^\.\.?$|[/\\\p{Cc}]/u);
  });

  it("has a name of 120 bytes at most, cut between letters", async () => {
    const { message } = await openSent([{ kind: "file", bytes: PDF, name: `${"长".repeat(100)}.pdf` }]);
    const name = attachmentsIn(message)[0]?.name ?? "";
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(120);
    expect(name).toMatch(/^长+\.pdf$/);
  });
});

describe("an address of a file", () => {
  it.each([undefined, "", " ", 7])("that is %j makes no attachment that could be fetched", async (url) => {
    const { message } = await openSent([{ kind: "image", bytes: PNG, overrides: { url } }], "look");
    expect(attachmentsIn(message)).toEqual([]);
    expect(message.parts[0]).toEqual({ kind: "text", text: "look" });
  });

  it.each([
    "http://multimedia.nt.qq.com.cn/download?rkey=1",
    "https://10.0.0.1/a.png",
    "https://169.254.169.254/latest/meta-data",
    "https://[::ffff:10.0.0.1]/a.png",
    "https://localhost/a.png",
    "file:///etc/passwd",
    "//192.168.0.1/a.png",
    "172.16.0.1/a.png",
  ])("that leads to where nobody should look is not followed: %s", async (url) => {
    const { message, fetch, sandbox: { record } } = await openSent([{ kind: "image", bytes: PNG, overrides: { url } }], "look");
    const before = record.entries.length;
    for (const found of attachmentsIn(message)) await expect(fetch(found)).rejects.toHaveProperty("isChannelError", true);
    expect(record.entries).toHaveLength(before);
  });

  it("that leads on to such a place is not followed there", async () => {
    const { message, fetch, sandbox: { faults } } = await openSent([{ kind: "image", bytes: PNG }]);
    faults.add({ platform: "qq", method: "GET", path: "/download*", times: "always", fault: { kind: "answer", status: 302, headers: { location: "https://10.0.0.1/a.png" } } });
    await expect(fetch(attachmentsIn(message)[0])).rejects.toHaveProperty("isChannelError", true);
  });

  it("that leads in circles is left after three steps", async () => {
    const { message, fetch, sandbox: { faults, record } } = await openSent([{ kind: "image", bytes: PNG }]);
    const [found] = attachmentsIn(message);
    faults.add({ platform: "qq", method: "GET", path: "/download*", times: "always", fault: { kind: "answer", status: 302, headers: { location: "download" } } });
    await expect(fetch(found)).rejects.toHaveProperty("isChannelError", true);
    expect(record.entries.filter(({ path }) => path.startsWith("/download")).length).toBeLessThanOrEqual(4);
  });

  it("is fetched without the token, for anybody could have made it", async () => {
    const { message, fetch, sandbox: { record } } = await openSent([{ kind: "image", bytes: PNG }]);
    await fetch(attachmentsIn(message)[0]);
    const download = record.entries.find(({ path }) => path.startsWith("/download"));
    expect(download?.headers).not.toHaveProperty("authorization");
  });
});

describe("a download", () => {
  it("is refused beyond the bound that the caller sets", async () => {
    const { message, fetch } = await openSent([{ kind: "file", bytes: BYTES, name: "data.bin" }]);
    const [found] = attachmentsIn(message);
    expect(await fetch(found, 1_000)).toEqual(BYTES);
    await expect(fetch(found, 999)).rejects.toMatchObject({ code: "too-large" });
  });

  it("is bounded by what comes, whatever length was promised", async () => {
    const { message, fetch, sandbox: { faults } } = await openSent([{ kind: "file", bytes: BYTES, name: "data.bin" }]);
    faults.add({ platform: "qq", path: "/download*", fault: { kind: "pad", bytes: 2_000_000 } });
    await expect(fetch(attachmentsIn(message)[0])).rejects.toMatchObject({ code: "too-large" });
  });

  it.each<[string, (house: Awaited<ReturnType<typeof openSent>>) => Promise<void> | void]>([
    ["404", ({ sandbox: { faults } }) => void faults.add({ path: "/download*", times: "always", fault: { kind: "answer", status: 404 } })],
    ["a cut connection", ({ sandbox: { faults } }) => void faults.add({ path: "/download*", times: "always", fault: { kind: "cut" } })],
    ["a link that is over", ({ pass }) => pass(3_600_000)],
  ])("that ends with %s fails with an error of ours", async (_title, spoil) => {
    const house = await openSent([{ kind: "image", bytes: PNG }]);
    await spoil(house);
    await expect(house.fetch(attachmentsIn(house.message)[0])).rejects.toHaveProperty("isChannelError", true);
  });

  it("that hangs ends with its signal", async () => {
    const { message, channel, sandbox: { faults } } = await openSent([{ kind: "image", bytes: PNG }]);
    const hanging = faults.add({ path: "/download*", fault: { kind: "hang" } });
    const [found] = attachmentsIn(message);
    if (found === undefined) throw new TypeError("no attachment");
    const abort = new AbortController();
    const fetching = channel.download?.(found, { maxBytes: 1_000, signal: abort.signal });
    await hanging.struck;
    const reason = new RangeError("not needed any more");
    abort.abort(reason);
    await expect(fetching).rejects.toBe(reason);
  });
});
