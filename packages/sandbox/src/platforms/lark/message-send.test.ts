import { describe, expect, it } from "vitest";
import { APP_ID, cardOf, GROUP, markdown, openRest } from "../../testing/lark-rest.ts";

const TEXT = { msg_type: "text", content: '{"text":"hello"}' };

describe("sending", () => {
  it("puts a text into a group and gives the message", async () => {
    const { send, state, clock } = openRest();
    const at = String(clock.now());
    const { status, code, msg, data, headers } = await send("text", { text: "hello" }, { uuid: "u-1" });
    expect({ status, code, msg }).toEqual({ status: 200, code: 0, msg: "success" });
    expect(headers.get("x-tt-logid")).toMatch(/^\w{32}$/);
    expect(data).toEqual({
      message_id: expect.stringMatching(/^om_\w+$/) as string, msg_type: "text", create_time: at, update_time: at, deleted: false, updated: false, chat_id: GROUP,
      sender: { id: APP_ID, id_type: "app_id", sender_type: "app", tenant_key: "tk1" }, body: { content: '{"text":"hello"}' },
    });
    expect(state.sent.entries).toMatchObject([{ seq: 1, via: "send", kind: "text", text: "hello", user: "", group: GROUP, chatId: GROUP, uuid: "u-1", isStreaming: false, isRecalled: false }]);
    expect(state.sent.entries[0]?.bytes).toBe(Buffer.byteLength(JSON.stringify({ receive_id: GROUP, ...TEXT, uuid: "u-1" })));
  });

  it.each([
    ["open_id", "ou_ann"],
    ["union_id", "on_ann"],
    ["user_id", "ann"],
    ["email", "ann@a.example"],
  ])("reaches a user by %s", async (type, id) => {
    const { call, state } = openRest();
    expect(await call("POST", `/im/v1/messages?receive_id_type=${type}`, { receive_id: id, ...TEXT })).toMatchObject({ code: 0 });
    expect(state.sent.entries).toMatchObject([{ user: "ou_ann", chatId: state.chats.withUser("ou_ann").chatId }]);
    expect(state.sent.entries[0]).not.toHaveProperty("group");
  });

  it.each<readonly [title: string, type: string, id: string, code: number]>([
    ["no kind of id", "", GROUP, 99992402],
    ["an unknown kind of id", "phone", GROUP, 99992402],
    ["an id of another kind", "open_id", "on_ann", 230034],
    ["a chat id that is none", "chat_id", "ou_ann", 230034],
    ["a group without the bot", "chat_id", "oc_foreign", 230002],
  ])("refuses %s", async (_title, type, id, code) => {
    const { call } = openRest();
    expect(await call("POST", `/im/v1/messages?receive_id_type=${type}`, { receive_id: id, ...TEXT })).toMatchObject({ status: 400, code });
  });

  it("ends when the bot leaves the group, and when the group ends", async () => {
    const { send, state } = openRest();
    state.chats.leave(GROUP);
    expect((await send("text", { text: "a" })).code).toBe(230002);
    state.chats.join(GROUP);
    state.chats.dissolve(GROUP);
    expect((await send("text", { text: "a" })).code).toBe(232009);
  });

  it("names the fields that are missing", async () => {
    const { call } = openRest();
    const response = await call("POST", "/im/v1/messages?receive_id_type=chat_id", { receive_id: GROUP });
    expect(response).toMatchObject({ status: 400, code: 99992402, msg: "field validation failed" });
    expect((await call("POST", "/im/v1/messages?receive_id_type=chat_id")).code).toBe(99992402);
  });

  it("measures the request's body", async () => {
    const { send, behave } = openRest();
    behave({ chatMessagesPerSecond: 100 });
    const overhead = (content: unknown, type: string): number => Buffer.byteLength(JSON.stringify({ receive_id: GROUP, msg_type: type, content: JSON.stringify(content) }));
    const text = (chars: number): object => ({ text: "x".repeat(chars) });
    const room = 153_600 - overhead(text(0), "text");
    expect((await send("text", text(room))).code).toBe(0);
    expect((await send("text", text(room + 1))).code).toBe(230025);
    const card = (chars: number): object => cardOf([markdown("x".repeat(chars))]);
    const cardRoom = 30_720 - overhead(card(0), "interactive");
    expect((await send("interactive", card(cardRoom))).code).toBe(0);
    expect((await send("interactive", card(cardRoom + 1))).code).toBe(230025);
    expect((await send("post", { zh_cn: { content: [[{ tag: "md", text: "x".repeat(30_720) }]] } })).code).toBe(230025);
  });
});

describe("uuid", () => {
  it("makes one message within an hour, also when calls overtake each other and through a reply", async () => {
    const { send, call, state, clock } = openRest();
    const [first, again] = await Promise.all([send("text", { text: "a" }, { uuid: "u" }), send("text", { text: "b" }, { uuid: "u" })]);
    expect(again.data).toEqual(first.data);
    clock.advance(3_599_999);
    const id = String(first.data["message_id"]);
    expect((await call("POST", `/im/v1/messages/${id}/reply`, { ...TEXT, uuid: "u" })).data["message_id"]).toBe(id);
    expect(state.sent.entries).toHaveLength(1);
    clock.advance(1);
    expect((await send("text", { text: "a" }, { uuid: "u" })).data["message_id"]).not.toBe(id);
  });

  it("is none when it is empty", async () => {
    const { send, state } = openRest();
    for (let count = 0; count < 2; count += 1) await send("text", { text: "a" }, { uuid: "" });
    expect(state.sent.entries).toHaveLength(2);
  });

  it("is at most 50 characters long", async () => {
    const { send } = openRest();
    expect((await send("text", { text: "a" }, { uuid: "u".repeat(50) })).code).toBe(0);
    expect((await send("text", { text: "a" }, { uuid: "u".repeat(51) })).code).toBe(99992402);
  });
});

describe("replying", () => {
  it("keeps root and parent", async () => {
    const { call, say, state } = openRest();
    const question = say();
    const first = await call("POST", `/im/v1/messages/${question}/reply`, TEXT);
    expect(first.data).toMatchObject({ root_id: question, parent_id: question, chat_id: GROUP });
    expect(first.data).not.toHaveProperty("thread_id");
    const second = await call("POST", `/im/v1/messages/${String(first.data["message_id"])}/reply`, TEXT);
    expect(second.data).toMatchObject({ root_id: question, parent_id: first.data["message_id"] });
    expect(state.sent.entries).toMatchObject([{ via: "reply", parentId: question, rootId: question }, { via: "reply", rootId: question }]);
  });

  it("begins a thread when asked to, and stays in it", async () => {
    const { call, say } = openRest();
    const question = say();
    const reply = (body: object): Promise<string> => call("POST", `/im/v1/messages/${question}/reply`, body).then(({ data }) => String(data["thread_id"]));
    const thread = await reply({ ...TEXT, reply_in_thread: true });
    expect(thread).toMatch(/^omt_\w+$/);
    expect(await reply(TEXT)).toBe(thread);
    expect((await call("GET", `/im/v1/messages/${question}`)).data).toMatchObject({ items: [{ thread_id: thread }] });
  });

  it("is refused when the message is unknown, taken back, or in a group that the bot has left", async () => {
    const { call, say, state } = openRest();
    const code = async (id: string): Promise<number> => (await call("POST", `/im/v1/messages/${id}/reply`, TEXT)).code;
    const question = say();
    expect(await code("om_nothing")).toBe(230001);
    state.messages.recall(question);
    expect(await code(question)).toBe(230011);
    state.chats.leave(GROUP);
    expect(await code(say())).toBe(230002);
  });
});
