import { describe, expect, it } from "vitest";
import { APP_ID, GROUP, openRest } from "../../testing/lark-rest.ts";

const emoji = (name: string): object => ({ reaction_type: { emoji_type: name } });
const USER = { operatorId: "ou_ann", operatorType: "user" } as const;

describe("reactions", () => {
  it("are added and taken away by their id", async () => {
    const { call, say, state, clock } = openRest();
    const path = `/im/v1/messages/${say()}/reactions`;
    const added = await call("POST", path, emoji("Typing"));
    const reaction = {
      reaction_id: expect.any(String) as string, operator: { operator_id: APP_ID, operator_type: "app" }, action_time: String(clock.now()), reaction_type: { emoji_type: "Typing" },
    };
    expect(added.data).toEqual(reaction);
    expect((await call("GET", path)).data).toEqual({ items: [reaction], has_more: false, page_token: "" });
    expect((await call("DELETE", `${path}/${String(added.data["reaction_id"])}`)).data).toEqual(reaction);
    expect((await call("GET", path)).data["items"]).toEqual([]);
    expect(state.reactions.log.entries.map(({ emoji: name, isRemoved }) => [name, isRemoved])).toEqual([["Typing", false], ["Typing", true]]);
  });

  it("stay one when added twice", async () => {
    const { call, say, state } = openRest();
    const path = `/im/v1/messages/${say()}/reactions`;
    const [first, second] = [await call("POST", path, emoji("OK")), await call("POST", path, emoji("OK"))];
    expect(second.data).toEqual(first.data);
    expect(state.reactions.log.entries).toHaveLength(1);
  });

  it.each(["ok", "typing", "Thumbsup", "", "MADE_UP"])("are not called %o", async (name) => {
    const { call, say } = openRest();
    expect(await call("POST", `/im/v1/messages/${say()}/reactions`, emoji(name))).toMatchObject({ status: 400, code: 231001 });
  });

  it("need a message that is there, in a chat with the bot", async () => {
    const { call, say, state } = openRest();
    const code = async (id: string): Promise<number> => (await call("POST", `/im/v1/messages/${id}/reactions`, emoji("OK"))).code;
    const [recalled, left] = [say(), say()];
    state.messages.recall(recalled);
    expect(await code("om_nothing")).toBe(231003);
    expect(await code(recalled)).toBe(231003);
    state.chats.leave(GROUP);
    expect(await code(left)).toBe(231002);
  });

  it("are taken away only by who added them, from their message", async () => {
    const { call, say, state } = openRest();
    const messageId = say();
    const theirs = state.reactions.add({ messageId, emoji: "OK", ...USER });
    const code = async (id: string, reaction: string): Promise<number> => (await call("DELETE", `/im/v1/messages/${id}/reactions/${reaction}`)).code;
    expect(await code(messageId, theirs.reactionId)).toBe(231007);
    expect(await code(messageId, "nothing")).toBe(231011);
    expect(await code(say(), theirs.reactionId)).toBe(231011);
  });

  it("are listed by name and by page", async () => {
    const { call, say, state } = openRest();
    const messageId = say();
    for (let count = 0; count < 25; count += 1) state.reactions.add({ messageId, emoji: "OK", operatorId: `ou_${count}`, operatorType: "user" });
    state.reactions.add({ messageId, emoji: "DONE", ...USER });
    const list = async (query: string): Promise<{ items: unknown[]; has_more: boolean; page_token: string }> =>
      (await call("GET", `/im/v1/messages/${messageId}/reactions?${query}`)).data as { items: unknown[]; has_more: boolean; page_token: string };
    const first = await list("reaction_type=OK");
    expect(first).toMatchObject({ has_more: true, page_token: "20" });
    expect(first.items).toHaveLength(20);
    expect((await list("reaction_type=OK&page_token=20")).items).toHaveLength(5);
    expect((await list("reaction_type=DONE&page_size=50")).items).toHaveLength(1);
    expect((await call("GET", `/im/v1/messages/${messageId}/reactions?page_size=51`)).code).toBe(231001);
  });
});
