import { describe, expect, it } from "vitest";
import { cardOf, GROUP, markdown, openRest, type RestPeer } from "../../testing/lark-rest.ts";

async function sendCard({ send }: RestPeer, text = "before"): Promise<string> {
  return String((await send("interactive", cardOf([markdown(text)]))).data["message_id"]);
}

const patchOf = (text: string): object => ({ content: JSON.stringify(cardOf([markdown(text)])) });
const putOf = (text: string): object => ({ msg_type: "text", content: JSON.stringify({ text }) });

describe("patching a card", () => {
  it("shows the new card, and keeps what was", async () => {
    const peer = openRest();
    const id = await sendCard(peer);
    expect(await peer.call("PATCH", `/im/v1/messages/${id}`, patchOf("after"))).toMatchObject({ code: 0, data: {} });
    expect(peer.state.sent.entries).toMatchObject([{ text: "after", payload: cardOf([markdown("before")]), edits: [{ kind: "patch", text: "after" }] }]);
    expect((await peer.call("GET", `/im/v1/messages/${id}`)).data).toMatchObject({ items: [{ updated: true, body: { content: JSON.stringify(cardOf([markdown("after")])) } }] });
  });

  it("is refused for texts, strangers' messages, recalled ones, and cards with a problem", async () => {
    const peer = openRest();
    const code = async (id: string, body = patchOf("a")): Promise<number> => (await peer.call("PATCH", `/im/v1/messages/${id}`, body)).code;
    const id = await sendCard(peer);
    expect(await code(await peer.sendText())).toBe(230054);
    expect(await code(peer.say(cardOf([markdown("theirs")]), "interactive"))).toBe(230027);
    expect(await code("om_nothing")).toBe(230001);
    expect(await code(id, { content: JSON.stringify(cardOf([{ tag: "note" }])) })).toBe(230099);
    expect(await code(id, { content: JSON.stringify(cardOf([markdown("x".repeat(30_720))])) })).toBe(230025);
    await peer.call("DELETE", `/im/v1/messages/${id}`);
    expect(await code(id)).toBe(230011);
  });

  it("is possible for 14 days, five times a second", async () => {
    const peer = openRest();
    const id = await sendCard(peer);
    const code = async (): Promise<number> => (await peer.call("PATCH", `/im/v1/messages/${id}`, patchOf("a"))).code;
    for (let count = 0; count < 5; count += 1) expect(await code()).toBe(0);
    expect(await code()).toBe(230020);
    peer.clock.advance(14 * 86_400_000 - 1);
    expect(await code()).toBe(0);
    peer.clock.advance(1);
    expect(await code()).toBe(230031);
  });
});

describe("editing a text", () => {
  it("changes it, up to 20 times", async () => {
    const peer = openRest();
    const id = await peer.sendText();
    for (let count = 1; count <= 20; count += 1) {
      const { code, data } = await peer.call("PUT", `/im/v1/messages/${id}`, putOf(`version ${count}`));
      expect({ code, data }).toMatchObject({ code: 0, data: { message_id: id, updated: true, body: { content: `{"text":"version ${count}"}` } } });
    }
    expect((await peer.call("PUT", `/im/v1/messages/${id}`, putOf("one more"))).code).toBe(230072);
    expect(peer.state.sent.entries[0]?.text).toBe("version 20");
  });

  it("is refused for strangers' messages, cards, other kinds, and after the window", async () => {
    const peer = openRest();
    const code = async (id: string, body = putOf("a")): Promise<number> => (await peer.call("PUT", `/im/v1/messages/${id}`, body)).code;
    const id = await peer.sendText();
    expect(await code(peer.say())).toBe(230071);
    expect(await code(await sendCard(peer))).toBe(230054);
    expect(await code(id, { msg_type: "image", content: '{"image_key":"k"}' })).toBe(230001);
    peer.behave({ editWindowMs: 1_000 });
    peer.clock.advance(999);
    expect(await code(id, { msg_type: "post", content: '{"zh_cn":{"content":[[{"tag":"md","text":"a"}]]}}' })).toBe(0);
    peer.clock.advance(1);
    expect(await code(id)).toBe(230075);
  });
});

describe("taking back", () => {
  it("leaves an empty place", async () => {
    const peer = openRest();
    const id = await peer.sendText();
    expect(await peer.call("DELETE", `/im/v1/messages/${id}`)).toMatchObject({ code: 0, data: {} });
    expect(peer.state.sent.entries).toMatchObject([{ isRecalled: true }]);
    expect((await peer.call("GET", `/im/v1/messages/${id}`)).data).toMatchObject({ items: [{ deleted: true, body: { content: "This message was recalled" } }] });
    expect((await peer.call("DELETE", `/im/v1/messages/${id}`)).code).toBe(230011);
  });

  it("is not for other people's messages", async () => {
    const { call, say } = openRest();
    expect((await call("DELETE", `/im/v1/messages/${say()}`)).code).toBe(230027);
  });
});

describe("getting", () => {
  it("gives a user's message with its mentions", async () => {
    const { call, state } = openRest();
    const mentions = [{ key: "@_user_1", openId: "ou_bot", name: "Revka" }];
    const { messageId } = state.messages.add({ chatId: GROUP, msgType: "text", content: '{"text":"@_user_1 hi"}', mentions, sender: { id: "ou_ann", idType: "open_id", senderType: "user" } });
    expect((await call("GET", `/im/v1/messages/${messageId}`)).data).toMatchObject({
      items: [{ sender: { id: "ou_ann", id_type: "open_id", sender_type: "user" }, mentions: [{ key: "@_user_1", id: "ou_bot", id_type: "open_id", name: "Revka", tenant_key: "tk1" }] }],
    });
  });

  it("gives a forward with everything in it", async () => {
    const { call, say, state } = openRest();
    const parent = say({ content: "Merged and Forwarded Message" }, "merge_forward");
    const child = (text: string, upperMessageId: string, msgType = "text"): string =>
      state.messages.add({ chatId: GROUP, msgType, content: JSON.stringify({ text }), upperMessageId, sender: { id: "ou_bob", idType: "open_id", senderType: "user" } }).messageId;
    const first = child("one", parent);
    const nested = child("nested", parent, "merge_forward");
    const deep = child("two", nested);
    const { items } = (await call("GET", `/im/v1/messages/${parent}`)).data as { items: Record<string, unknown>[] };
    expect(items.map((item) => [item["message_id"], item["upper_message_id"]])).toEqual([[parent, undefined], [first, parent], [nested, parent], [deep, nested]]);
  });

  it("needs the bot in the chat", async () => {
    const { call, say, state } = openRest();
    const id = say();
    state.chats.leave(GROUP);
    expect((await call("GET", `/im/v1/messages/${id}`)).code).toBe(230002);
    expect((await call("GET", "/im/v1/messages/om_nothing")).code).toBe(230001);
  });
});
