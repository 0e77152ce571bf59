import type { MochatBehaviour } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { openMochat } from "../support/mochat-house.ts";

describe("an answer", () => {
  it.each<[MochatBehaviour["shape"], readonly string[]]>([
    ["R1", ["one", "two"]],
    ["R2", ["one", "two"]],
    ["R3-messages", ["one", "two"]],
    ["R3-list", ["one", "two"]],
    ["R4", ["one", "two"]],
    ["R5", []],
    ["R6", ["one", "two"]],
    ["R7-code", []],
    ["R7-empty", []],
    ["R7-null", []],
    ["R7-204", []],
  ])("in the shape %s is a success that brings %j (MOCHAT-27)", async (shape, expected) => {
    const { mochat, listen } = await openMochat();
    mochat.behave({ shape });
    mochat.say("u-1", "one");
    mochat.say("u-1", "two");
    const { channel, texts, pass } = listen();
    expect(await pass()).toEqual([5_000]);
    expect(texts()).toEqual(expected);
    expect(channel.status().state).toBe("connected");
  });

  it.each(["R8", "R9-number", "R9-string"] as const)("in the shape %s is a failure, not silence (MOCHAT-59)", async (shape) => {
    const { mochat, listen, logged } = await openMochat();
    mochat.behave({ shape });
    const { channel, pass } = listen();
    expect(await pass(2)).toEqual([5_000, 10_000]);
    expect(channel.status().state).toBe("backoff");
    expect(logged("warn")).toHaveLength(1);
  });

  it.each([0, 200, "0", "200"])("with the code %j is a success (MOCHAT-59)", async (receiveCode) => {
    const { mochat, listen } = await openMochat();
    mochat.behave({ receiveCode });
    mochat.say("u-1", "hello");
    const { texts, rest } = listen();
    expect(await rest()).toBe(5_000);
    expect(texts()).toEqual(["hello"]);
  });

  it.each(["gzip", "bom"] as const)("that comes as %s is read", async (kind) => {
    const { mochat, listen, spoilPolls } = await openMochat();
    spoilPolls({ fault: { kind } });
    mochat.say("u-1", "你好");
    const { texts, rest } = listen();
    expect(await rest()).toBe(5_000);
    expect(texts()).toEqual(["你好"]);
  });

  it.each([[8 * 1024 * 1024, ["hello"]], [8 * 1024 * 1024 + 1, []]])("of %i bytes brings %j, for 8 MiB are the most", async (bytes, expected) => {
    const { mochat, listen, spoilPolls } = await openMochat();
    spoilPolls({ fault: { kind: "pad", bytes } });
    mochat.say("u-1", "hello");
    const { texts, rest } = listen();
    await rest();
    expect(texts()).toEqual(expected);
  });
});

describe("a message", () => {
  it.each<[string, object, object | undefined]>([
    ["messageId before id", { messageId: "a", id: "b", fromUserId: "u", content: "x" }, { id: "a" }],
    ["id in place of an empty messageId", { messageId: "", id: "b", fromUserId: "u", content: "x" }, { id: "b" }],
    ["a numeric id", { id: 1002, sender: 88, content: "x" }, { id: "1002", sender: { id: "88" } }],
    ["fromUserId before sender", { id: 1, fromUserId: "u", sender: "v", content: "x" }, { sender: { id: "u" } }],
    ["no sender", { id: 1, content: "x" }, { sender: { id: "unknown" } }],
    ["content.text, trimmed", { id: 1, sender: "u", content: { text: " \n x\t" } }, { parts: [{ kind: "text", text: "x" }] }],
    ["text of another msgType", { id: 1, sender: "u", msgType: "rich", content: { text: "x" } }, { parts: [{ kind: "text", text: "x" }] }],
    ["seconds", { id: 1, sender: "u", content: "x", timestamp: 1_790_000_000 }, { sentAt: 1_790_000_000_000 }],
    ["milliseconds", { id: 1, sender: "u", content: "x", createTime: 1_790_000_000_500 }, { sentAt: 1_790_000_000_500 }],
    ["an ISO date", { id: 1, sender: "u", content: "x", sendTime: "2026-09-21T14:13:20Z" }, { sentAt: 1_790_000_000_000 }],
    ["blank text", { id: 1, sender: "u", content: "  " }, undefined],
    ["no text", { id: 1, sender: "u", msgType: "image", content: { url: "https://example.com/x.png" } }, undefined],
    ["no content", { id: 1, sender: "u" }, undefined],
  ])("is read with %s (MOCHAT-28, MOCHAT-29, MOCHAT-30, MOCHAT-52)", async (_title, element, expected) => {
    const { mochat, listen } = await openMochat();
    mochat.inject(element);
    const { messages, rest } = listen();
    await rest();
    expect(messages).toMatchObject(expected === undefined ? [] : [expected]);
    expect(messages).toHaveLength(expected === undefined ? 0 : 1);
  });

  it("keeps all digits of its id and sender beyond 2^53, also in the next request (MOCHAT-52)", async () => {
    const { mochat, listen, cursors } = await openMochat();
    mochat.inject('{"id":9007199254740993,"sender":9007199254740995,"content":"x"}');
    const { messages, pass } = listen({ allowedUsers: ["9007199254740995"] });
    await pass();
    expect(messages).toMatchObject([{ id: "9007199254740993", sender: { id: "9007199254740995" } }]);
    expect(cursors()).toEqual([undefined, "9007199254740993"]);
  });

  it("that is none at all is skipped with one warning, and those around it are not", async () => {
    const { mochat, listen, logged } = await openMochat();
    mochat.say("u-1", "before");
    for (const element of ["7", "null", '"text"', "[]"]) mochat.inject(element);
    mochat.say("u-1", "after");
    const { texts, rest } = listen();
    await rest();
    expect(texts()).toEqual(["before", "after"]);
    expect(logged("warn")).toHaveLength(1);
  });

  it("that comes twice in one answer is handed over once (MOCHAT-20)", async () => {
    const { mochat, listen } = await openMochat();
    mochat.behave({ ids: "duplicate" });
    for (let n = 1; n <= 4; n += 1) mochat.say("u-1", `text ${n}`);
    const { texts, pass } = listen();
    await pass();
    expect(texts()).toEqual(["text 1", "text 3"]);
  });

  it.each(["missing", "empty"] as const)("whose id is %s is handed over once, and a second one of the same words as well", async (ids) => {
    const { mochat, listen, cursors, logged } = await openMochat();
    mochat.behave({ ids });
    mochat.say("u-1", "hello");
    const { messages, texts, pass } = listen();
    await pass(3);
    expect(texts()).toEqual(["hello"]);
    mochat.say("u-1", "hello");
    await pass(2);
    expect(texts()).toEqual(["hello", "hello"]);
    expect(new Set(messages.map(({ id }) => id)).size).toBe(2);
    expect(new Set(cursors())).toEqual(new Set([undefined]));
    expect(logged("warn")).toHaveLength(1);
  });
});

describe("the allowlist", () => {
  it.each<[readonly string[], readonly string[]]>([
    [[], []],
    [["*"], ["one", "two", "three"]],
    [["88"], ["one"]],
    [["u-1"], ["two"]],
    [["U-1"], []],
    [["unknown"], ["three"]],
    [["u-1", "*"], ["one", "two", "three"]],
  ])("%j admits %j, and the cursor moves past the others (MOCHAT-14, MOCHAT-15, MOCHAT-16, MOCHAT-50, MOCHAT-52)", async (allowedUsers, expected) => {
    const { mochat, listen, cursors } = await openMochat();
    mochat.inject({ id: 1, sender: 88, content: "one" });
    mochat.inject({ id: 2, sender: "u-1", content: "two" });
    mochat.inject({ id: 3, content: "three" });
    const { texts, pass } = listen({ allowedUsers });
    await pass();
    expect(texts()).toEqual(expected);
    expect(cursors()).toEqual([undefined, "3"]);
  });

  it("says at debug whom it ignored (MOCHAT-36)", async () => {
    const { mochat, listen, logged } = await openMochat();
    mochat.say("u-2", "let me in");
    await listen({ allowedUsers: ["u-1"] }).rest();
    expect(logged("debug")).toEqual(["Mochat: ignoring message from unauthorized user: u-2"]);
  });

  it("that is widened later replays nothing (MOCHAT-50)", async () => {
    const { mochat, listen } = await openMochat();
    mochat.behave({ sinceId: "ignored" });
    mochat.say("u-2", "let me in");
    const strict = listen({ allowedUsers: ["u-1"] });
    await strict.rest();
    await strict.stop();
    const { texts, rest } = listen({ allowedUsers: ["*"] });
    await rest();
    expect(texts()).toEqual([]);
  });

  it("is passed over by those the bot must not answer", async () => {
    const { mochat, listen } = await openMochat();
    mochat.say("the-bot", "my own words");
    mochat.say("u-1", "hello");
    const { texts, rest } = listen({ ignoreUsers: ["the-bot"] });
    await rest();
    expect(texts()).toEqual(["hello"]);
  });
});
