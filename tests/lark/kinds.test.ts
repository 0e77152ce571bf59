import type { LarkContent, LarkOverrides, LarkSaying } from "@revka/sandbox";
import { type Attachment, textOf } from "@revka/core";
import { describe, expect, it } from "vitest";
import { openLark, until } from "./lark-house.ts";

const RESOURCES = "/open-apis/im/v1/messages/*";
const BYTES = Uint8Array.from({ length: 100 }, (_, byte) => byte);
const other = (as: string, content: unknown): LarkContent => ({ type: "other", as, content });
const BOB = { openId: "ou_bob", name: "Bob" } as const;

describe("what people send", () => {
  it.each<[string, string | LarkContent, LarkSaying, string | RegExp]>([
    ["a text", "hello", {}, "hello"],
    ["an empty text", other("text", { text: "" }), {}, ""],
    ["a mention of the bot and nothing else", "@_user_1", { mentions: ["bot"] }, ""],
    ["the bot's name and words", "@_user_1 hello", { mentions: ["bot"] }, "hello"],
    ["others' names, also the tenth beside the first", "@_user_1 and @_user_10", { mentions: [BOB, ...Array.from({ length: 8 }, (_, index) => ({ openId: `ou_x${index}`, name: `X${index}` })), { openId: "ou_carol", name: "Carol" }] }, "@Bob and @Carol"],
    ["everybody's name", "@_all hello", { mentions: ["all"] }, /hello/],
    ["a flat post", { type: "post", title: "Plan", content: [[{ tag: "text", text: "one" }], [{ tag: "a", text: "two", href: "https://x.example" }]] }, {}, "Plan\none\n[two](https://x.example)"],
    ["a post by language", other("post", { zh_cn: { title: "计划", content: [[{ tag: "text", text: "一" }]] }, en_us: { title: "Plan", content: [[{ tag: "text", text: "one" }]] } }), {}, "计划\n一"],
    ["a post with a newer form beside it", other("post", { title: "", content: [[{ tag: "text", text: "old" }]], content_v2: [[{ tag: "md", text: "**new**" }]] }), {}, "**new**"],
    ["a card", other("interactive", { title: "Card", elements: [[{ tag: "text", text: "words" }]] }), {}, /Card\n.*words/s],
    ["a place", other("location", { name: "Bund", longitude: "121.49", latitude: "31.24" }), {}, /Bund/],
    ["a chat", other("share_chat", { chat_id: "oc_1" }), {}, /oc_1/],
    ["a person", other("share_user", { user_id: "ou_1" }), {}, /ou_1/],
    ["a vote", other("vote", { topic: "Lunch?", options: ["a", "b"] }), {}, /Lunch\?/],
    ["a task", other("todo", { task_id: "t", summary: { title: "", content: [[{ tag: "text", text: "Write" }]] }, due_time: "1" }), {}, /Write|todo/i],
    ["a red envelope", other("hongbao", { text: "[red packet]" }), {}, /red packet/],
    ["a meeting", other("video_chat", { topic: "Standup", start_time: "1763800000000" }), {}, /Standup/],
    ["an entry of a calendar", other("calendar", { summary: "Review", start_time: "1763800000000", end_time: "1763803600000" }), {}, /Review/],
  ])("is read: %s (LARK-34, LARK-35)", async (_title, content, saying, expected) => {
    const { lark, listening } = await openLark();
    const { next } = await listening();
    lark.say("ou_ann", content, { group: "oc_team", mentions: [], ...saying });
    const text = textOf(await next());
    if (typeof expected === "string") expect(text).toBe(expected);
    else expect(text).toMatch(expected);
  });

  it.each([["sticker", { file_key: "file_v3_1" }], ["a_kind_of_tomorrow", { x: 1 }]])("is never lost in silence: %s", async (as, content) => {
    const { lark, listening } = await openLark();
    const { next } = await listening();
    lark.say("ou_ann", other(as, content));
    expect(JSON.stringify((await next()).parts)).toContain(as);
  });

  it.each<[string, LarkOverrides, string]>([
    ["somebody with a union id only", { sender: { sender_id: { union_id: "on_ann", open_id: "", user_id: "" } } }, "handed over"],
    ["another app", { sender: { sender_type: "app" } }, "dropped"],
    ["nobody", { sender: { sender_id: { union_id: "", open_id: "", user_id: "" } } }, "dropped"],
    ["the bot itself", { sender: { sender_id: { open_id: "ou_sandbox_bot" } } }, "dropped"],
  ])("from %s is told from the rest by the ids on the list (LARK-16, LARK-19)", async (_title, overrides, fate) => {
    const house = await openLark();
    const { texts } = await house.listening({ allowedUsers: ["on_ann", "ou_sandbox_bot"] });
    const id = house.lark.say("ou_ann", "hello", { overrides });
    await until(() => house.lark.acks.some((ack) => ack.id === id && ack.counts));
    expect(texts()).toEqual(fate === "dropped" ? [] : ["hello"]);
  });
});

describe("a file of a message", () => {
  async function openFile(maxBytes = 1_000): Promise<{ house: Awaited<ReturnType<typeof openLark>>; fetchFile: () => Promise<Uint8Array | undefined> }> {
    const house = await openLark();
    const { channel, next } = await house.listening();
    house.lark.say("ou_ann", { type: "file", fileName: "data.bin", bytes: BYTES });
    const attachment = (await next()).parts.find((part): part is Attachment => part.kind === "file");
    if (attachment === undefined) throw new TypeError("no file");
    return { house, fetchFile: () => house.during(channel.download?.(attachment, { maxBytes }).then(({ bytes }) => bytes) ?? Promise.resolve(undefined)) };
  }

  it.each([["a token that is refused (99991663)", 99991663, 400], ["HTTP 401", 234002, 401]])("is fetched in spite of %s", async (_title, code, httpStatus) => {
    const { house, fetchFile } = await openFile();
    house.lark.refuse(code, 1, { path: RESOURCES, httpStatus });
    expect(Buffer.from((await fetchFile()) ?? [])).toEqual(Buffer.from(BYTES));
  });

  it("is fetched in spite of two bad gateways", async () => {
    const { house, fetchFile } = await openFile();
    house.sandbox.faults.add({ path: RESOURCES, times: 2, fault: { kind: "answer", status: 502, body: "<h1>Bad Gateway</h1>" } });
    expect(Buffer.from((await fetchFile()) ?? [])).toEqual(Buffer.from(BYTES));
  });

  it.each([[100, "fetched"], [99, "too-large"]])("of 100 bytes with a cap of %i is %s", async (maxBytes, fate) => {
    const { fetchFile } = await openFile(maxBytes);
    if (fate === "fetched") expect((await fetchFile())?.length).toBe(100);
    else await expect(fetchFile()).rejects.toMatchObject({ code: "too-large" });
  });

  it.each([234003, 234004, 234037, 234038, 234043])("that the platform does not give (%i) is asked for once", async (code) => {
    const { house, fetchFile } = await openFile();
    const before = house.calls(RESOURCES).length;
    house.lark.refuse(code, 10, { path: RESOURCES });
    await expect(fetchFile()).rejects.toMatchObject({ code: "platform", platformCode: String(code) });
    expect(house.calls(RESOURCES)).toHaveLength(before + 1);
  });

  it.each<[string, Parameters<Awaited<ReturnType<typeof openLark>>["sandbox"]["faults"]["add"]>[0]["fault"]]>([
    ["that ends too early", { kind: "cut" }],
    ["whose sender hangs up", { kind: "reset" }],
  ])("%s fails in the end", async (_title, fault) => {
    const { house, fetchFile } = await openFile();
    house.sandbox.faults.add({ path: RESOURCES, times: "always", fault });
    await expect(fetchFile()).rejects.toMatchObject({ isChannelError: true });
  });
});
