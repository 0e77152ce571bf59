import { describe, expect, it } from "vitest";
import { cardOf, markdown, openRest, PNG } from "../../testing/lark-rest.ts";

const post = (content: unknown, title?: string): object => ({ zh_cn: { ...(title === undefined ? {} : { title }), content } });
const BYTES = Buffer.from("bytes");

describe("the content of a message", () => {
  it.each<readonly [type: string, content: unknown, text: string]>([
    ["text", { text: "hello" }, "hello"],
    ["post", post([[{ tag: "text", text: "see " }, { tag: "a", text: "this", href: "https://a.example" }], [{ tag: "md", text: "**b**" }]], "T"), "T\nsee [this](https://a.example)\n**b**"],
    ["post", post([[{ tag: "at", user_id: "ou_ann", user_name: "Ann" }, { tag: "emotion", emoji_type: "OK" }], [{ tag: "hr" }], [{ tag: "code_block", text: "x" }]]), "@Ann:OK:\n---\nx"],
    ["interactive", cardOf([markdown("# Hi")]), "# Hi"],
    ["interactive", { config: {}, elements: [{ tag: "div", text: { tag: "lark_md", content: "old" } }] }, "old"],
    ["interactive", { type: "template", data: { template_id: "AAq1", template_variable: {} } }, "AAq1"],
    ["share_chat", { chat_id: "oc_1" }, "oc_1"],
    ["share_user", { user_id: "ou_ann" }, "ou_ann"],
  ])("reads %s", async (type, content, text) => {
    const { send, state } = openRest();
    expect(await send(type, content)).toMatchObject({ code: 0 });
    expect(state.sent.entries).toMatchObject([{ kind: type, text, payload: content }]);
  });

  it.each<readonly [title: string, type: string, content: unknown, code: number]>([
    ["an unknown kind", "poem", { text: "a" }, 230001],
    ["content that is no object", "text", "hello", 230001],
    ["an empty text", "text", { text: "" }, 230001],
    ["a text with more to it", "text", { text: "a", title: "b" }, 230001],
    ["a flat post", "post", { title: "", content: [[{ tag: "text", text: "a" }]] }, 230001],
    ["an empty post", "post", {}, 230001],
    ["a post with an unknown node", "post", post([[{ tag: "h1", text: "a" }]]), 230001],
    ["md beside something", "post", post([[{ tag: "md", text: "a" }, { tag: "text", text: "b" }]]), 230001],
    ["a post with somebody's image", "post", post([[{ tag: "img", image_key: "img_v3_x" }]]), 230001],
    ["a card with a problem", "interactive", cardOf([{ tag: "note" }]), 230099],
    ["a card of no schema", "interactive", { body: {} }, 230099],
    ["a card entity that is none", "interactive", { type: "card", data: { card_id: "7" } }, 230099],
    ["an image that nobody uploaded", "image", { image_key: "img_v3_x" }, 230001],
    ["a sticker that nobody sent", "sticker", { file_key: "file_v3_x" }, 230001],
  ])("refuses %s", async (_title, type, content, code) => {
    const { send, state } = openRest();
    expect(await send(type, content)).toMatchObject({ status: 400, code });
    expect(state.sent.entries).toEqual([]);
  });

  it("says what is wrong with a card in the platform's words", async () => {
    const { send } = openRest();
    const tables = Array.from({ length: 4 }, () => markdown("| a |\n|---|\n| 1 |"));
    expect((await send("interactive", cardOf(tables))).msg).toBe(
      "Failed to create card content, ext=ErrCode: 11310; ErrMsg: card table number over limit; ErrorValue: table; ",
    );
  });

  it("counts as many tables as it is told to", async () => {
    const { send, behave } = openRest();
    behave({ cardTableCount: 4 });
    expect((await send("interactive", cardOf(Array.from({ length: 4 }, () => markdown("| a |\n|---|"))))).code).toBe(0);
  });

  it("shows an uploaded image in a card and in a post", async () => {
    const { send, upload } = openRest();
    const { image_key: key } = (await upload("image", PNG)).data;
    expect((await send("interactive", cardOf([markdown(`![a](${String(key)})`)]))).code).toBe(0);
    expect((await send("post", post([[{ tag: "img", image_key: key }]]))).code).toBe(0);
  });
});

describe("media", () => {
  it.each<readonly [type: string, upload: "image" | "file", fields: Record<string, string>, media: object]>([
    ["image", "image", {}, { uploadType: "message", contentType: "image/png" }],
    ["file", "file", { file_name: "a.pdf", file_type: "pdf" }, { uploadType: "pdf", name: "a.pdf" }],
    ["audio", "file", { file_name: "a.opus", file_type: "opus", duration: "1200" }, { uploadType: "opus", durationMs: 1200 }],
    ["media", "file", { file_name: "a.mp4", file_type: "mp4" }, { uploadType: "mp4" }],
  ])("sends %s", async (type, kind, fields, media) => {
    const { send, upload, state } = openRest();
    const bytes = kind === "image" ? PNG : BYTES;
    const { data } = await upload(kind, bytes, fields);
    expect((await send(type, data)).code).toBe(0);
    expect(state.sent.entries).toMatchObject([{ kind: type, text: "", media: { ...media, size: bytes.length } }]);
  });

  it.each<readonly [type: string, fileType: string]>([
    ["audio", "stream"],
    ["media", "opus"],
    ["file", "opus"],
    ["file", "mp4"],
  ])("does not send %s that was uploaded as %s", async (type, fileType) => {
    const { send, upload } = openRest();
    const { data } = await upload("file", BYTES, { file_type: fileType });
    expect((await send(type, data)).code).toBe(230055);
  });

  it("does not send an avatar as an image, nor an image as a file", async () => {
    const { send, upload } = openRest();
    expect((await send("image", (await upload("image", PNG, { image_type: "avatar" })).data)).code).toBe(230055);
    const { image_key: key } = (await upload("image", PNG)).data;
    expect((await send("file", { file_key: key })).code).toBe(230055);
  });

  it("sends a sticker that a user sent, and a video with a cover", async () => {
    const { send, upload, state } = openRest();
    expect((await send("sticker", { file_key: state.resources.store({ type: "file", bytes: BYTES }) })).code).toBe(0);
    const { file_key: video } = (await upload("file", BYTES, { file_type: "mp4" })).data;
    const { image_key: cover } = (await upload("image", PNG)).data;
    expect((await send("media", { file_key: video, image_key: cover })).code).toBe(0);
    expect((await send("media", { file_key: video, image_key: "img_v3_x" })).code).toBe(230001);
  });
});
