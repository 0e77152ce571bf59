import { describe, expect, it } from "vitest";
import { connectLark, eventOf, larkCaller, type LarkPeer, tokenOf } from "../../testing/lark-peer.ts";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import type { LarkControl } from "./api.ts";
import type { LarkContent } from "./content.ts";

const BYTES = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
const IMAGE_KEY = expect.stringMatching(/^img_v3_/) as string;
const FILE_KEY = expect.stringMatching(/^file_v3_/) as string;
const BOT = { union_id: "on_sandbox_bot", user_id: "", open_id: "ou_sandbox_bot" };

async function openLark(): Promise<{ lark: LarkControl; peer: LarkPeer; hear: () => Promise<{ content: unknown; [field: string]: unknown }> }> {
  const { lark } = await openSandbox();
  const peer = await connectLark(lark);
  const hear = async (): Promise<{ content: unknown }> => {
    const { message } = eventOf(await peer.nextFrame()).event;
    return { ...message, content: JSON.parse(String(message["content"])) as unknown };
  };
  return { lark, peer, hear };
}

describe("a message of a user", () => {
  it("comes in the platform's envelope", async () => {
    const clock = handClock();
    const { lark } = await openSandbox({ now: clock.now, lark: { verificationToken: "v-token-123" } });
    const peer = await connectLark(lark);
    const id = lark.say("ou_aa01", "hello");
    const at = String(clock.now());
    expect(eventOf(await peer.nextFrame())).toEqual({
      schema: "2.0",
      header: {
        event_id: expect.any(String) as string, event_type: "im.message.receive_v1", create_time: at, token: "v-token-123",
        app_id: lark.credentials.appId, tenant_key: "sandbox-tenant",
      },
      event: {
        sender: { sender_id: { union_id: "on_aa01", user_id: "", open_id: "ou_aa01" }, sender_type: "user", tenant_key: "sandbox-tenant" },
        message: {
          message_id: id, create_time: at, update_time: at, chat_id: expect.stringMatching(/^oc_/) as string, chat_type: "p2p", message_type: "text", content: '{"text":"hello"}',
        },
      },
    });
  });

  it.each<[kind: string, content: LarkContent, fields: object]>([
    ["image", { type: "image", bytes: BYTES }, { image_key: IMAGE_KEY }],
    ["file", { type: "file", bytes: BYTES, fileName: "a.txt" }, { file_key: FILE_KEY, file_name: "a.txt" }],
    ["audio", { type: "audio", bytes: BYTES, durationMs: 7 }, { file_key: FILE_KEY, duration: 7 }],
    ["media", { type: "media", bytes: BYTES, fileName: "a.mp4" }, { file_key: FILE_KEY, image_key: IMAGE_KEY, file_name: "a.mp4", duration: 1_000 }],
    ["post", { type: "post", title: "T", content: [[{ tag: "text", text: "see" }, { tag: "img", bytes: BYTES }], [{ tag: "media", bytes: BYTES }]] },
      { title: "T", content: [[{ tag: "text", text: "see" }, { tag: "img", image_key: IMAGE_KEY }], [{ tag: "media", file_key: FILE_KEY }]] }],
    ["post", { type: "other", as: "post", content: { zh_cn: { title: "", content: [] } } }, { zh_cn: { title: "", content: [] } }],
    ["merge_forward", { type: "merge_forward", messages: [{ user: "ou_2", content: "one" }] }, { content: "Merged and Forwarded Message" }],
    ...(["folder", "sticker", "interactive", "share_chat", "share_user", "location", "share_calendar_event", "video_chat", "todo", "vote", "hongbao", "system", "brand_new"] as const).map(
      (as): [string, LarkContent, object] => [as, { type: "other", as, content: { any: as } }, { any: as }],
    ),
  ])("may be of the kind %s", async (kind, content, fields) => {
    const { lark, hear } = await openLark();
    lark.say("ou_1", content);
    const message = await hear();
    expect(message["message_type"]).toBe(kind);
    expect(message.content).toEqual(fields);
  });

  it("may have a content that is no JSON, and keys that were stored before", async () => {
    const { lark, peer } = await openLark();
    const key = lark.store({ type: "file", bytes: BYTES });
    lark.say("ou_1", { type: "other", as: "folder", content: `{"file_key":"${key}"` });
    expect(eventOf(await peer.nextFrame()).event.message["content"]).toBe(`{"file_key":"${key}"`);
  });

  it("has files that its id and key lead to", async () => {
    const { lark, hear } = await openLark();
    const authorization = `Bearer ${await tokenOf(lark)}`;
    const id = lark.say("ou_1", { type: "file", bytes: BYTES, fileName: "a.txt", contentType: "text/plain" });
    const { file_key: key } = (await hear()).content as { file_key: string };
    const response = await fetch(`${lark.url}/open-apis/im/v1/messages/${id}/resources/${key}?type=file`, { headers: { authorization } });
    expect(response.headers.get("content-type")).toBe("text/plain");
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(BYTES);
  });

  it("may forward others, forwards too, which the API lists", async () => {
    const { lark } = await openLark();
    const inner: LarkContent = { type: "merge_forward", messages: [{ user: "ou_3", content: "two" }] };
    const id = lark.say("ou_1", { type: "merge_forward", messages: [{ user: "ou_2", content: "one" }, { user: "ou_3", content: inner }] });
    const { json } = await (await larkCaller(lark))("GET", `/im/v1/messages/${id}`);
    const { items } = json["data"] as { items: readonly { msg_type: string; upper_message_id?: string; sender: { id: string } }[] };
    expect(items.map(({ msg_type: type, sender }) => `${type} ${sender.id}`)).toEqual(["merge_forward ou_1", "text ou_2", "merge_forward ou_3", "text ou_3"]);
    expect(items[1]?.upper_message_id).toBe(id);
  });

  it("tells of its sender what it is told to", async () => {
    const { lark, peer } = await openLark();
    lark.behave({ showsUserIds: true });
    lark.say("ou_1", "hi", { senderType: "app", locale: "ja_JP", overrides: { sender: { tenant_key: undefined }, message: { mentions: null }, header: { app_id: "cli_x" } } });
    const { header, event } = eventOf(await peer.nextFrame());
    expect(event.sender).toEqual({ sender_id: { union_id: "on_1", user_id: "1", open_id: "ou_1" }, sender_type: "app" });
    expect(event.message).toMatchObject({ mentions: null, user_agent: expect.stringContaining("LarkLocale/ja_JP ") as string });
    expect(header["app_id"]).toBe("cli_x");
  });
});

describe("a message in a group", () => {
  it("mentions the bot and whom else it is told to, in front of a text or a post", async () => {
    const { lark, hear } = await openLark();
    lark.say("ou_1", "hello", { group: "oc_g" });
    expect(await hear()).toMatchObject({
      chat_id: "oc_g", chat_type: "group", content: { text: "@_user_1 hello" }, mentions: [{ key: "@_user_1", id: BOT, name: "Revka", tenant_key: "sandbox-tenant" }],
    });
    const ann = { openId: "ou_ann", name: "Ann" };
    lark.say("ou_1", { type: "post", content: [[{ tag: "text", text: "hi" }]] }, { group: "oc_g", mentions: [ann, "bot"] });
    const post = await hear();
    expect(post["mentions"]).toMatchObject([{ key: "@_user_1", name: "Ann" }, { key: "@_user_2", id: BOT }]);
    expect(post.content).toMatchObject({ content: [[{ tag: "at", user_id: "@_user_1" }, { tag: "at", user_id: "@_user_2" }, { text: "hi" }]] });
  });

  it("leaves mentions where the text has them, and everybody off the list unless switched", async () => {
    const { lark, hear } = await openLark();
    lark.say("ou_1", "ask @_user_1, @_all", { group: "oc_g", mentions: ["bot", "all"] });
    const message = await hear();
    expect(message.content).toEqual({ text: "ask @_user_1, @_all" });
    expect(message["mentions"]).toMatchObject([{ key: "@_user_1" }]);
    lark.behave({ listsMentionOfAll: true });
    lark.say("ou_1", "all of you", { group: "oc_g", mentions: ["all"] });
    expect(await hear()).toMatchObject({ content: { text: "@_all all of you" }, mentions: [{ key: "@_all", id: { open_id: "", union_id: "", user_id: "" } }] });
  });

  it("reaches the bot only while it is there, and only with a mention when its scope is small", async () => {
    const { lark } = await openLark();
    const reach = (saying: object): number => {
      const { length } = lark.deliveries;
      lark.say("ou_1", "hello", { group: "oc_g", ...saying });
      return lark.deliveries.length - length;
    };
    expect([reach({}), reach({ mentions: [] })]).toEqual([1, 1]);
    lark.behave({ groupMessages: "mentioned" });
    expect([reach({}), reach({ mentions: [] }), reach({ mentions: ["all"] })]).toEqual([1, 0, 0]);
    lark.leave("oc_g");
    expect(reach({})).toBe(0);
    lark.join("oc_g");
    expect(reach({})).toBe(1);
    lark.dissolve("oc_g");
    expect(reach({})).toBe(0);
  });

  it("answers another message, in a thread if wanted", async () => {
    const { lark, hear } = await openLark();
    const root = lark.say("ou_1", "root", { group: "oc_g" });
    const first = lark.say("ou_2", "first", { group: "oc_g", replyTo: root });
    lark.say("ou_2", "second", { group: "oc_g", replyTo: first, inThread: true });
    const [begin, reply, threaded] = [await hear(), await hear(), await hear()];
    expect(begin).not.toHaveProperty("parent_id");
    expect(reply).toMatchObject({ root_id: root, parent_id: root });
    expect(reply).not.toHaveProperty("thread_id");
    expect(threaded).toMatchObject({ root_id: root, parent_id: first, thread_id: expect.stringMatching(/^omt_/) as string });
    expect(() => lark.say("ou_1", "lost", { replyTo: "om_nobody" })).toThrow(RangeError);
  });

  it("may be taken back, which the bot is told and finds when it answers", async () => {
    const { lark, peer } = await openLark();
    const id = lark.say("ou_1", "oops");
    await peer.nextFrame();
    lark.recall(id);
    expect(eventOf(await peer.nextFrame())).toMatchObject({ header: { event_type: "im.message.recalled_v1" }, event: { message_id: id } });
    const call = await larkCaller(lark);
    expect((await call("POST", `/im/v1/messages/${id}/reply`, { msg_type: "text", content: '{"text":"hi"}' })).json["code"]).toBe(230011);
    expect(() => lark.recall("om_nobody")).toThrow(RangeError);
  });

  it.each([["alice", undefined], ["ou_1", "friends"]])("is not said by %s in %s", async (user, group) => {
    const { lark } = await openSandbox();
    expect(() => lark.say(user, "hello", group === undefined ? {} : { group })).toThrow(TypeError);
  });
});
