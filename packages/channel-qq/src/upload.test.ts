import type { OutboundMedia } from "@revka/core";
import { describe, expect, it } from "vitest";
import { openBench, type Bench } from "./listening.test-support.ts";
import { PATHS, type TestAnswer } from "./platform.test-support.ts";
import { refused, talk, whileTimePasses } from "./talking.test-support.ts";

const PNG = Buffer.from("89504e470d0a1a0a00000000", "hex");
const send = (bench: Bench, media: OutboundMedia, conversationId = "USER1"): Promise<unknown> => bench.channel.send({ target: { conversationId }, text: "", media });
const uploads = ({ platform }: Bench, path: string = PATHS.userFiles): readonly unknown[] => platform.bodies(path);
const image = (bytes: Uint8Array = PNG): OutboundMedia => ({ kind: "image", bytes, name: "a.png" });

describe("createUpload", () => {
  it.each<[string, OutboundMedia, object]>([
    ["a picture", image(), { file_type: 1, file_data: PNG.toString("base64"), srv_send_msg: false }],
    ["a video", { kind: "video", bytes: PNG, name: "v.mp4" }, { file_type: 2, file_data: PNG.toString("base64"), srv_send_msg: false }],
    ["a voice message", { kind: "audio", bytes: PNG, name: "v.mp3" }, { file_type: 3, file_data: PNG.toString("base64"), srv_send_msg: false }],
    ["other audio", { kind: "audio", bytes: PNG, name: "v.ogg" }, { file_type: 4, file_data: PNG.toString("base64"), srv_send_msg: false, file_name: "v.ogg" }],
    ["a file", { kind: "file", bytes: PNG, name: "f.pdf" }, { file_type: 4, file_data: PNG.toString("base64"), srv_send_msg: false, file_name: "f.pdf" }],
    ["a picture by its address", { kind: "image", url: "https://a.example/c.png" }, { file_type: 1, url: "https://a.example/c.png", srv_send_msg: false }],
    ["a file by its address", { kind: "file", url: "https://a.example/c.pdf" }, { file_type: 4, url: "https://a.example/c.pdf", srv_send_msg: false, file_name: "c.pdf" }],
  ])("uploads %s and sends it by a message of its own (QQ-26, QQ-27)", async (_title, media, body) => {
    await using bench = await openBench();
    await send(bench, media);
    expect(uploads(bench)).toEqual([body]);
    expect(bench.platform.bodies(PATHS.toUser)).toEqual([{ msg_type: 7, content: " ", media: { file_info: "info-1" } }]);
  });

  it("counts a file as an answer, after the text (QQ-D12)", async () => {
    await using talking = await talk();
    await talking.channel.send({ target: talking.target, text: "look", media: image() });
    expect(talking.platform.bodies(PATHS.toUser)).toMatchObject([{ msg_type: 2, msg_seq: 1 }, { msg_type: 7, msg_id: "msg-1", msg_seq: 2 }]);
  });

  it("takes 10 MiB and not a byte more, and uploads nothing then (QQ-25, QQ-D08)", async () => {
    await using bench = await openBench();
    await send(bench, image(new Uint8Array(10_485_760)));
    await expect(send(bench, image(new Uint8Array(10_485_761)))).rejects.toMatchObject({
      code: "too-large", message: "QQ attachment too large (10485761 bytes, max 10485760): a.png",
    });
    expect(uploads(bench)).toHaveLength(1);
  });

  it("uploads a file once for all people, and once for all groups, also at the same time (QQ-23, QQ-24)", async () => {
    await using bench = await openBench();
    bench.platform.answer("/v2/users/USER2/files", { status: 500 });
    await Promise.all([send(bench, image()), send(bench, image())]);
    await send(bench, image(), "user:USER2");
    expect(uploads(bench)).toHaveLength(1);
    await send(bench, image(), "group:GROUP1");
    await send(bench, image(), "group:GROUP1");
    expect(uploads(bench, PATHS.groupFiles)).toHaveLength(1);
  });

  it("uploads the same bytes anew under another name, where people see it", async () => {
    await using bench = await openBench();
    for (const name of ["a.pdf", "b.pdf", "a.pdf"]) await send(bench, { kind: "file", bytes: PNG, name });
    for (const name of ["a.png", "b.png"]) await send(bench, { kind: "image", bytes: PNG, name });
    expect(uploads(bench)).toHaveLength(3);
  });

  it.each([
    ["a time that has passed", 600, 540_000, 2],
    ["a time that has not passed", 600, 539_999, 1],
    ["no end", 0, 80_000_000, 1],
    ["nothing about it", undefined, 0, 2],
  ])("uploads a file again where the platform names %s (QQ-24)", async (_title, ttl, waitMs, count) => {
    await using bench = await openBench();
    bench.platform.answer(PATHS.userFiles, { body: { file_info: "info-1", ttl } });
    await send(bench, image());
    await bench.clock.advance(waitMs);
    await send(bench, image());
    expect(uploads(bench)).toHaveLength(count);
  });

  it("uploads a file once more where the platform has lost it", async () => {
    await using bench = await openBench();
    await send(bench, image());
    bench.platform.answer(PATHS.toUser, refused(304080));
    await send(bench, image());
    expect(bench.platform.bodies(PATHS.toUser)).toMatchObject([{ media: { file_info: "info-1" } }, { media: { file_info: "info-1" } }, { media: { file_info: "info-2" } }]);
    bench.platform.answer(PATHS.toUser, refused(304080), refused(304080));
    await expect(send(bench, image())).rejects.toMatchObject({ platformCode: "304080", message: expect.stringContaining("QQ send media message failed (400 Bad Request)") as string });
  });

  it("sends as a file what is no voice message to the platform (QQ-27)", async () => {
    await using bench = await openBench();
    bench.platform.answer(PATHS.userFiles, refused(850019));
    await send(bench, { kind: "audio", bytes: PNG, name: "v.silk" });
    expect(uploads(bench)).toMatchObject([{ file_type: 3 }, { file_type: 4, file_name: "v.silk" }]);
    bench.platform.answer(PATHS.userFiles, refused(850019));
    await expect(send(bench, { kind: "file", bytes: PNG, name: "x.bin" })).rejects.toMatchObject({ platformCode: "850019" });
  });

  it.each([850026, 850027, 304082])("fetches a file itself that the platform cannot: %i", async (code) => {
    await using bench = await openBench();
    bench.platform.answer(PATHS.userFiles, refused(code));
    bench.platform.answer("/blob/c.png", { body: PNG });
    await send(bench, { kind: "image", url: `${bench.platform.url}/blob/c.png` });
    expect(uploads(bench)).toMatchObject([{ url: `${bench.platform.url}/blob/c.png` }, { file_data: PNG.toString("base64") }]);
  });

  it.each<[string, TestAnswer | undefined, string, object]>([
    ["is too large", { body: new Uint8Array(10_485_761) }, "/blob/c.png", { code: "too-large", message: expect.stringMatching(/^QQ attachment too large \(\d+ bytes, max 10485760\): c\.png$/) as string }],
    ["is not there", { status: 404 }, "/blob/c.png", { code: "platform", platformCode: "404" }],
    ["lies in a private network", undefined, "https://10.0.0.1/c.png", { code: "platform", platformCode: "address" }],
    ["has no https address", undefined, "http://example.com/c.png", { code: "platform", platformCode: "address" }],
  ])("says why it cannot fetch one that %s", async (_title, answer, address, error) => {
    await using bench = await openBench();
    bench.platform.answer(PATHS.userFiles, refused(850026));
    if (answer !== undefined) bench.platform.answer(address, answer);
    await expect(send(bench, { kind: "image", url: address.startsWith("/") ? `${bench.platform.url}${address}` : address })).rejects.toMatchObject(error);
    expect(uploads(bench)).toHaveLength(1);
  });

  it.each<[string, TestAnswer, object]>([
    ["refuses for today", refused(40093002), { code: "platform", platformCode: "40093002", message: expect.stringContaining("QQ upload media failed (400 Bad Request)") as string }],
    ["finds too large", refused(850031), { code: "too-large" }],
    ["takes without saying where", { body: { ttl: 0 } }, { code: "protocol" }],
  ])("fails where the platform %s (QQ-D08)", async (_title, answer, error) => {
    await using bench = await openBench();
    bench.platform.answer(PATHS.userFiles, answer);
    await expect(send(bench, image())).rejects.toMatchObject(error);
    expect(bench.platform.count(PATHS.toUser)).toBe(0);
  });

  it("uploads again after a lost answer: nobody has seen the first", async () => {
    await using bench = await openBench();
    bench.platform.answer(PATHS.userFiles, { isReset: true }, { status: 502 });
    await whileTimePasses(bench, send(bench, image()));
    expect([uploads(bench).length, bench.platform.count(PATHS.toUser)]).toEqual([3, 1]);
  });

  it("ends an upload that is aborted", async () => {
    await using bench = await openBench();
    bench.platform.answer(PATHS.userFiles, { isHanging: true });
    const abort = new AbortController();
    const reason = new RangeError("enough");
    const sending = bench.channel.send({ target: { conversationId: "USER1" }, text: "", media: image() }, abort.signal);
    sending.catch(() => undefined);
    await bench.platform.until(() => bench.platform.count(PATHS.userFiles) === 1);
    abort.abort(reason);
    await expect(sending).rejects.toBe(reason);
    expect(bench.clock.pending).toBe(0);
  });
});
