import { replyTo } from "@revka/core";
import { describe, expect, it } from "vitest";
import { openQq, openTalk, until } from "./qq-house.ts";

const MINUTE_MS = 60_000;
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52]);

describe("an answer", () => {
  it.each([["in private", undefined, "user-1"], ["in a group", "G1", ""]])("%s names the message that it answers, and counts: text and media alike (QQ-D12)", async (_title, group, user) => {
    const { qq, asked, reply } = await openTalk(group);
    const receipt = await reply("one");
    await reply("two");
    await reply("", { media: { kind: "image", bytes: PNG, name: "a.png" } });
    expect(qq.sent.map(({ msgId, msgSeq }) => [msgId, msgSeq])).toEqual([1, 2, 3].map((n) => [asked.id, n]));
    expect(qq.sent[0]).toMatchObject({ user, ...(group !== undefined && { group }), kind: "markdown", text: "one", payload: { msg_type: 2, markdown: { content: "one" } } });
    expect(receipt).toMatchObject({ messageIds: [qq.sent[0]?.id], remainingReplies: group === undefined ? 3 : 4 });
  });

  it("in a group never goes to a person, though the ids look alike", async () => {
    const { sandbox: { record }, reply, channel } = await openTalk("G1");
    await reply("one");
    await channel.send({ target: { conversationId: "group:G1" }, text: "two" });
    await channel.send({ target: { conversationId: "G1", kind: "group" }, text: "three" });
    expect(record.entries.filter(({ path }) => path.startsWith("/v2/")).map(({ path }) => path)).toEqual(Array.from({ length: 3 }, () => "/v2/groups/G1/messages"));
  });

  it("to one message by two at the same time has two numbers", async () => {
    const { qq, reply } = await openTalk();
    await Promise.all([reply("one"), reply("two"), reply("three")]);
    expect(qq.sent.map(({ msgSeq }) => msgSeq).toSorted()).toEqual([1, 2, 3]);
  });

  it("goes to the message that it answers, not to a newer one", async () => {
    const { qq, asked, reply, next } = await openTalk();
    qq.say("user-1", "something else");
    await next();
    await reply("to the first");
    expect(qq.sent).toMatchObject([{ msgId: asked.id, msgSeq: 1 }]);
  });

  it("without a message to answer goes to the newest of its place", async () => {
    const { qq, next, channel } = await openTalk();
    const id = qq.say("user-1", "something else");
    await next();
    for (const conversationId of ["user:user-1", "user-1"]) await channel.send({ target: { conversationId }, text: "by the way" });
    expect(qq.sent).toMatchObject([{ msgId: id, msgSeq: 1 }, { msgId: id, msgSeq: 2 }]);
  });

  it.each([["fifth", undefined, 4], ["sixth", "G1", 5]])("that is the %s to one message goes to a newer one, or answers nothing", async (_title, group, count) => {
    const { qq, asked, reply, next } = await openTalk(group);
    for (let n = 0; n < count; n += 1) await reply(`answer ${n}`);
    await reply("on its own");
    const newer = qq.say("user-1", "something else", group === undefined ? {} : { group });
    await next();
    await reply("to the newer one");
    expect(qq.sent.map(({ msgId }) => msgId)).toEqual([...Array.from({ length: count }, () => asked.id), undefined, newer]);
    expect(qq.sent[count]?.payload).not.toHaveProperty("msg_seq");
  });

  it.each([["an hour", undefined, 60], ["five minutes", "G1", 5]])("answers nothing after %s, but for ten seconds", async (_title, group, minutes) => {
    const { qq, asked, reply, pass } = await openTalk(group);
    await pass(minutes * MINUTE_MS - 11_000);
    await reply("just in time");
    await pass(2_000);
    await reply("too late");
    expect(qq.sent.map(({ msgId }) => msgId)).toEqual([asked.id, undefined]);
  });

  it("goes on counting after a restart", async () => {
    const { qq, reply, target, stop, open } = await openTalk();
    await reply("one");
    await stop();
    await open().send({ target, text: "two" });
    expect(qq.sent.map(({ msgSeq }) => msgSeq)).toEqual([1, 2]);
  });
});

describe("a reference that the platform no longer takes", () => {
  it.each([40034128, 304027, 40034024, 304026, 40034005])("(%i) is dropped, and the message goes out once on its own", async (code) => {
    const { qq, reply } = await openTalk();
    qq.refuse(code);
    await reply("one");
    await reply("two");
    expect(qq.sent.map(({ text, msgId }) => [text, msgId])).toEqual([["one", undefined], ["two", undefined]]);
  });

  it("is tried for once alone: nothing loops where all is refused", async () => {
    const { qq, reply, failureOf, calls } = await openTalk();
    qq.refuse(40034128, 100);
    expect(await failureOf(reply("one"))).toHaveProperty("isChannelError", true);
    expect(calls("/v2/users/user-1/messages").length).toBeLessThanOrEqual(3);
  });
});

describe("a message that answers nothing, to somebody who wants none", () => {
  it.each([["by a notice", undefined], ["in a group by a notice", "G1"]])("%s is kept, and comes with the answer to the next message", async (_title, group) => {
    const where = group === undefined ? "user-1" : { group };
    const { qq, asked, channel, next, failureOf, calls, pass } = await openTalk(group);
    qq.notify(group === undefined ? "C2C_MSG_REJECT" : "GROUP_MSG_REJECT", where);
    await pass(61 * MINUTE_MS);
    const target = { conversationId: asked.conversation.id };
    const before = calls(`/v2/${group === undefined ? "users/user-1" : "groups/G1"}/messages`).length;
    const error = await failureOf(channel.send({ target, text: "the build is green" }));
    expect(error).toMatchObject({ code: "no-route", conversationId: asked.conversation.id });
    expect(calls(`/v2/${group === undefined ? "users/user-1" : "groups/G1"}/messages`)).toHaveLength(before);

    const id = qq.say("user-1", "hello again", group === undefined ? {} : { group });
    const again = await next();
    await until(() => qq.sent.length > 0);
    expect(qq.sent).toMatchObject([{ text: "the build is green", msgId: id }]);
    await channel.send({ target: replyTo(again), text: "and hello to you" });
    expect(qq.sent.map(({ msgSeq }) => msgSeq)).toEqual([1, 2]);
  });

  it.each([40034102, 40034105, 40054013])("by the code %i is kept for a day", async (code) => {
    const { qq, open, failureOf, listening } = await openQq();
    qq.meet("user-1");
    qq.refuse(code);
    const channel = open();
    expect(await failureOf(channel.send({ target: { conversationId: "user:user-1" }, text: "the build is green" }))).toMatchObject({ code: "no-route" });
    const { next } = await listening();
    const id = qq.say("user-1", "hello");
    await next();
    await until(() => qq.sent.length === 1);
    expect(qq.sent).toMatchObject([{ text: "the build is green", msgId: id }]);
  });

  it("is forgotten after a day, and twenty are kept at most", async () => {
    const { qq, listening, failureOf, pass } = await openQq();
    const { channel, next } = await listening();
    qq.meet("user-1");
    qq.behave({ allowsProactive: false, privateReplies: 100 });
    const target = { conversationId: "user:user-1" };
    await failureOf(channel.send({ target, text: "of yesterday" }));
    await pass(86_400_000);
    for (let n = 0; n < 25; n += 1) await failureOf(channel.send({ target, text: `text ${n}` }));
    for (let n = 0; n < 25; n += 1) {
      qq.say("user-1", `hello ${n}`);
      await next();
      await pass(1_000);
    }
    const texts = qq.sent.map(({ text }) => text).join("\n");
    expect(texts).not.toContain("of yesterday");
    expect(texts).toContain("text 24");
    expect(texts.match(/text \d+/g)?.length).toBe(20);
  }, 30_000);

  it("is sent again as soon as they want some", async () => {
    const { qq, channel, failureOf, pass } = await openTalk();
    const target = { conversationId: "user:user-1" };
    qq.notify("C2C_MSG_REJECT", "user-1");
    await pass(61 * MINUTE_MS);
    await failureOf(channel.send({ target, text: "not wanted" }));
    qq.notify("C2C_MSG_RECEIVE", "user-1");
    await pass(1_000);
    await channel.send({ target, text: "wanted" });
    expect(qq.sent.at(-1)).toMatchObject({ text: "wanted" });
    expect(qq.sent.at(-1)).not.toHaveProperty("msgId");
  });

  it("that nobody switched off goes out at once: friends and groups that the bot was just added to", async () => {
    const { qq, listening, pass } = await openQq();
    const { channel } = await listening();
    qq.notify("FRIEND_ADD", "user-1");
    qq.notify("GROUP_ADD_ROBOT", { group: "G1" });
    await pass(1_000);
    await channel.send({ target: { conversationId: "user:user-1" }, text: "welcome" });
    await channel.send({ target: { conversationId: "group:G1" }, text: "welcome all" });
    expect(qq.sent).toMatchObject([{ user: "user-1", text: "welcome" }, { group: "G1", text: "welcome all" }]);
  });
});
