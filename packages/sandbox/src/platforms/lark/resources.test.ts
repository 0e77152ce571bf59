import { describe, expect, it } from "vitest";
import { GROUP, openRest, PNG } from "../../testing/lark-rest.ts";

const BYTES = Buffer.from("a file's bytes");

/** A GIF or PNG or BMP head that says how large the image is. */
function imageOf(kind: "png" | "gif" | "bmp", pixels: number): Uint8Array {
  const bytes = Buffer.alloc(32);
  bytes.write({ png: "\x89PNG\r\n\x1a\n", gif: "GIF89a", bmp: "BM" }[kind], "latin1");
  if (kind === "png") bytes.writeUInt32BE(pixels, 20);
  else if (kind === "gif") bytes.writeUInt16LE(pixels, 6);
  else bytes.writeInt32LE(-pixels, 22);
  return bytes;
}

describe("resources of messages", () => {
  it("come as bytes with their type and name", async () => {
    const { fetch, say, state } = openRest();
    const key = state.resources.store({ type: "file", bytes: BYTES, contentType: "text/plain", name: "ä.txt" });
    const response = await fetch("GET", `/im/v1/messages/${say({ file_key: key, file_name: "ä.txt" }, "file")}/resources/${key}?type=file`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/plain");
    expect(response.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''%C3%A4.txt");
    expect(Buffer.from(await response.arrayBuffer())).toEqual(BYTES);
  });

  it("come out of posts, and out of the bot's own messages", async () => {
    const { fetch, say, send, state, upload } = openRest();
    const key = state.resources.store({ type: "image", bytes: PNG, contentType: "image/png" });
    const post = say({ title: "", content: [[{ tag: "img", image_key: key }]] }, "post");
    expect((await fetch("GET", `/im/v1/messages/${post}/resources/${key}?type=image`)).status).toBe(200);
    const { data } = await upload("image", PNG);
    const own = String((await send("image", data)).data["message_id"]);
    expect((await fetch("GET", `/im/v1/messages/${own}/resources/${String(data["image_key"])}?type=image`)).status).toBe(200);
  });

  it.each<readonly [title: string, query: string, code: number]>([
    ["no type", "", 234001],
    ["an unknown type", "?type=audio", 234001],
    ["a type that does not fit", "?type=image", 234001],
  ])("are refused with %s", async (_title, query, code) => {
    const { call, say, state } = openRest();
    const key = state.resources.store({ type: "file", bytes: BYTES });
    expect(await call("GET", `/im/v1/messages/${say({ file_key: key }, "file")}/resources/${key}${query}`)).toMatchObject({ status: 400, code });
  });

  it("belong to their message", async () => {
    const { call, say, state } = openRest();
    const [key, other] = [state.resources.store({ type: "file", bytes: BYTES }), state.resources.store({ type: "file", bytes: BYTES })];
    const message = say({ file_key: key }, "file");
    const code = async (id: string, wanted: string): Promise<number> => (await call("GET", `/im/v1/messages/${id}/resources/${wanted}?type=file`)).code;
    expect(await code(message, other)).toBe(234003);
    expect(await code(say(), key)).toBe(234003);
    expect(await code(say({ file_key: "file_v3_lost" }, "file"), "file_v3_lost")).toBe(234003);
    expect(await code("om_nothing", key)).toBe(234001);
    state.chats.leave(GROUP);
    expect(await code(message, key)).toBe(234004);
  });

  it("are closed in cards, stickers and forwards", async () => {
    const { call, say, state } = openRest();
    const key = state.resources.store({ type: "file", bytes: BYTES });
    const code = async (id: string): Promise<number> => (await call("GET", `/im/v1/messages/${id}/resources/${key}?type=file`)).code;
    for (const kind of ["interactive", "sticker", "merge_forward"]) expect(await code(say({ file_key: key }, kind))).toBe(234043);
    const child = state.messages.add({ chatId: GROUP, msgType: "file", content: JSON.stringify({ file_key: key }), upperMessageId: "om_1", sender: { id: "ou_ann", idType: "open_id", senderType: "user" } });
    expect(await code(child.messageId)).toBe(234043);
  });
});

describe("uploads", () => {
  it("keep an image, which only the app itself can fetch by its key", async () => {
    const { call, fetch, state, upload } = openRest();
    const { code, data } = await upload("image", PNG);
    expect({ code, data }).toEqual({ code: 0, data: { image_key: expect.stringMatching(/^img_v3_/) as string } });
    expect(state.resources.uploads).toMatchObject([{ uploadType: "message", contentType: "image/png", isOwn: true }]);
    expect(Buffer.from(await (await fetch("GET", `/im/v1/images/${String(data["image_key"])}`)).arrayBuffer())).toEqual(PNG);
    const theirs = state.resources.store({ type: "image", bytes: PNG });
    expect((await call("GET", `/im/v1/images/${theirs}`)).code).toBe(234008);
    expect((await call("GET", "/im/v1/images/img_v3_nothing")).code).toBe(234008);
  });

  it("keep a file with its name and duration", async () => {
    const { state, upload } = openRest();
    const { data } = await upload("file", BYTES, { file_type: "opus", file_name: "voice.opus", duration: "2500" });
    expect(data).toEqual({ file_key: expect.stringMatching(/^file_v3_/) as string });
    expect(state.resources.uploads).toMatchObject([{ type: "file", uploadType: "opus", name: "voice.opus", durationMs: 2500, bytes: new Uint8Array(BYTES) }]);
  });

  it.each<readonly [title: string, kind: "image" | "file", bytes: Uint8Array, fields: Record<string, string>, code: number]>([
    ["an image of an unknown use", "image", PNG, { image_type: "poster" }, 234001],
    ["an empty image", "image", Buffer.alloc(0), {}, 234010],
    ["an image that is none", "image", BYTES, {}, 234011],
    ["a GIF of 2,001 pixels", "image", imageOf("gif", 2_001), {}, 234039],
    ["a PNG of 12,001 pixels", "image", imageOf("png", 12_001), {}, 234039],
    ["a BMP of 12,001 pixels", "image", imageOf("bmp", 12_001), {}, 234039],
    ["an image of more than 10 MB", "image", Buffer.concat([PNG, Buffer.alloc(10_485_760)]), {}, 234006],
    ["a file of an unknown type", "file", BYTES, { file_type: "zip" }, 234001],
    ["a file without a name", "file", BYTES, { file_name: "" }, 234001],
    ["a duration that is no number", "file", BYTES, { duration: "2s" }, 234001],
    ["an empty file", "file", Buffer.alloc(0), {}, 234010],
    ["a file of more than 30 MB", "file", Buffer.alloc(31_457_281), {}, 234006],
  ])("refuse %s", async (_title, kind, bytes, fields, code) => {
    const { state, upload } = openRest();
    expect(await upload(kind, bytes, fields)).toMatchObject({ status: 400, code });
    expect(state.resources.uploads).toEqual([]);
  });

  it.each([
    ["a GIF of 2,000 pixels", imageOf("gif", 2_000)],
    ["a PNG of 12,000 pixels", imageOf("png", 12_000)],
    ["a JPEG", Buffer.from("ffd8ffe0", "hex")],
    ["a WebP", Buffer.from("RIFF\0\0\0\0WEBPVP8 ", "latin1")],
    ["a TIFF", Buffer.from("II*\0", "latin1")],
    ["an icon", Buffer.from("00000100", "hex")],
  ])("take %s", async (_title, bytes) => {
    const { upload } = openRest();
    expect((await upload("image", bytes)).code).toBe(0);
  });

  it("need a form", async () => {
    const { call } = openRest();
    expect((await call("POST", "/im/v1/images", { image_type: "message" })).code).toBe(234001);
  });
});
