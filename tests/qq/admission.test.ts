import { describe, expect, it } from "vitest";
import { openQq, until } from "./qq-house.ts";

const PEOPLE = ["user-1", "USER-1", "user-10"] as const;

describe("allowed_users", () => {
  it.each<[readonly string[], readonly string[]]>([
    [[], []],
    [["*"], PEOPLE],
    [["user-1"], ["user-1"]],
    [["user-2", "user-10"], ["user-10"]],
    [["user"], []],
  ])("%j lets in %j of three people with similar ids (QQ-09, QQ-11, QQ-12, QQ-13, QQ-D06)", async (allowedUsers, expected) => {
    const { qq, listening, logged } = await openQq();
    const { messages } = await listening({ allowedUsers });
    for (const person of PEOPLE) qq.say(person, "let me in");
    const denied = PEOPLE.filter((person) => !expected.includes(person));
    await until(() => messages.length + logged("warn").length === PEOPLE.length);
    expect(new Set(messages.map(({ sender }) => sender.id))).toEqual(new Set(expected));
    expect(logged("warn")).toEqual(denied.map((person) => `QQ: ignoring C2C message from unauthorized user: ${person}`));
  });

  it.each([["member_openid", "MEMBER"], ["user_openid", "OPEN"], ["union_openid", "UNION"], ["id", "PLAIN"]])("may name the %s of somebody in a group (QQ-13)", async (_title, entry) => {
    const { qq, listening } = await openQq();
    const { next } = await listening({ allowedUsers: [entry] });
    qq.say("user-1", "hello", { group: "G1", overrides: { author: { id: "PLAIN", member_openid: "MEMBER", user_openid: "OPEN", union_openid: "UNION", username: "Lin" } } });
    expect(await next()).toMatchObject({ conversation: { id: "group:G1", kind: "group" }, sender: { name: "Lin" } });
  });

  it("mentions a stranger in a group by the id to put on the list (QQ-D06)", async () => {
    const { qq, listening, logged } = await openQq();
    const { messages } = await listening({ allowedUsers: ["user-1"] });
    qq.say("stranger", "let me in", { group: "G1" });
    await until(() => logged("warn").length === 1);
    expect(logged("warn")).toEqual(["QQ: ignoring group message from unauthorized user: stranger"]);
    expect(messages).toEqual([]);
  });

  it("mentions a stranger once in an hour", async () => {
    const { qq, listening, logged, pass } = await openQq();
    await listening({ allowedUsers: ["user-2"] });
    const insist = async (): Promise<void> => {
      for (let n = 0; n < 3; n += 1) qq.say("user-1", "let me in");
      await pass(1_000);
    };
    await insist();
    expect(logged("warn")).toHaveLength(1);
    await pass(3_600_000);
    await insist();
    expect(logged("warn")).toHaveLength(2);
  });
});

describe("a stranger", () => {
  it("with files costs no request at all", async () => {
    const { sandbox: { record }, qq, listening, logged } = await openQq();
    await listening({ allowedUsers: [] });
    const before = record.entries.length;
    qq.say("stranger", { text: "look", attachments: [{ kind: "image", bytes: Uint8Array.of(1) }, { kind: "voice", bytes: Uint8Array.of(2), transcript: "listen" }] });
    await until(() => logged("warn").length === 1);
    expect(record.entries).toHaveLength(before);
  });

  it("cannot be answered: nothing of him is kept", async () => {
    const { qq, listening, logged } = await openQq();
    const { channel } = await listening({ allowedUsers: [] });
    const id = qq.say("stranger", "let me in");
    await until(() => logged("warn").length === 1);
    await channel.send({ target: { conversationId: "user:stranger", messageId: id }, text: "by an operator" });
    expect(qq.sent).toMatchObject([{ text: "by an operator" }]);
    expect(qq.sent[0]).not.toHaveProperty("msgId");
  });
});

describe("an event that nobody answers for", () => {
  const NOBODY: readonly (readonly [string, unknown])[] = [
    ["no author", undefined],
    ["null for an author", null],
    ["an author without ids", { username: "Lin" }],
    ["an author with empty ids", { id: "", user_openid: " ", member_openid: null }],
  ];

  const PLACES = [["in private", {}], ["in a group", { group: "G1" }]] as const;

  it.each(PLACES.flatMap(([title, place]) => NOBODY.map(([nobody, author]) => [title, nobody, place, author] as const)))(
    "is dropped %s, though everybody is allowed: %s",
    async (_title, _nobody, place, author) => {
      const { qq, listening } = await openQq();
      const { texts, next } = await listening();
      qq.say("user-1", "hello", { ...place, overrides: { author } });
      qq.say("user-1", "after", place); // in the same conversation, so that it would come second
      await next();
      expect(texts()).toEqual(["after"]);
    },
  );

  it.each([{ id: undefined }, { id: "" }, { group_openid: undefined, group_id: undefined }])("is dropped where it has no place or no id: %j", async (overrides) => {
    const { qq, listening } = await openQq();
    const { texts, next } = await listening();
    qq.say("user-1", "hello", { group: "G1", overrides });
    qq.say("user-1", "after", { group: "G1" });
    await next();
    expect(texts()).toEqual(["after"]);
  });
});

describe("another bot", () => {
  it("is not listened to, in private or in a group, nor is the bot itself", async () => {
    const { qq, listening } = await openQq();
    const { texts, next } = await listening();
    qq.say("a-bot", "I am a bot", { bot: true });
    qq.say("a-bot", "I am a bot", { bot: true, group: "G1" });
    qq.say(qq.botId, "my own words", { overrides: { author: { id: qq.botId, member_openid: qq.botId, username: "revka" } }, group: "G1" });
    qq.say("user-1", "after");
    await next();
    expect(texts()).toEqual(["after"]);
  });
});

describe("a group that tells the bot everything", () => {
  it("is heard only where the bot is mentioned, and once where that comes both ways", async () => {
    const { qq, listening } = await openQq();
    const { texts, next } = await listening();
    qq.say("user-1", "among us", { group: "G1", hearsAll: true, mention: false });
    qq.say("user-1", "hello bot", { group: "G1", hearsAll: true, id: "m-1" });
    qq.say("user-1", "hello bot", { group: "G1", id: "m-1" });
    qq.say("user-1", "after");
    await next();
    await next();
    expect(texts().toSorted()).toEqual(["after", "hello bot"]);
  });
});

describe("a message that comes again", () => {
  it("in one connection, in the next, and half an hour later, is handed over once (QQ-D10)", async () => {
    const { qq, listening, pass } = await openQq();
    const { connection, texts } = await listening();
    const id = qq.say("user-1", "once");
    qq.redeliver(id);
    await until(() => texts().length === 1);
    connection.terminate();
    await pass(15_000);
    qq.redeliver(id);
    await pass(1_780_000);
    qq.redeliver(id);
    qq.say("user-1", "after");
    await until(() => texts().includes("after"));
    expect(texts()).toEqual(["once", "after"]);
  });

  it("as voice with another id is handed over once within five minutes, and words are not", async () => {
    const { qq, listening, pass } = await openQq();
    const { messages } = await listening();
    const bytes = Uint8Array.of(1, 2, 3);
    const voice = qq.say("user-1", { attachments: [{ kind: "voice", bytes, transcript: "restart the build" }] });
    await until(() => messages.length === 1);
    qq.redeliver(voice, { id: "voice-again" });
    const words = qq.say("user-1", "yes");
    qq.redeliver(words, { id: "words-again" });
    await until(() => messages.length === 3);
    expect(messages.map(({ id }) => id)).toEqual([voice, words, "words-again"]);
    await pass(600_000);
    qq.redeliver(voice, { id: "voice-later" });
    await until(() => messages.length === 4);
  });

  it("is remembered among ten thousand others, of which the oldest are forgotten first (QQ-D10)", async () => {
    const { qq, listening } = await openQq();
    const { messages } = await listening();
    const ids = Array.from({ length: 10_001 }, (_, n) => qq.say(`user-${n % 50}`, `text ${n}`));
    await until(() => messages.length === ids.length);
    qq.redeliver(ids.at(-1) ?? "");
    qq.redeliver(ids[5_000] ?? "");
    qq.say("user-1", "after");
    await until(() => messages.length > ids.length);
    expect(messages).toHaveLength(ids.length + 1);
  }, 60_000);
});

describe("a message without words", () => {
  it.each<[string, Parameters<Awaited<ReturnType<typeof openQq>>["qq"]["say"]>[1]]>([["nothing", ""], ["blanks", " \n\t"], ["no content", { text: "" }]])("and without files is dropped: %s", async (_title, content) => {
    const { qq, listening } = await openQq();
    const { messages, next } = await listening();
    qq.say("user-1", content);
    qq.say("user-1", content, { group: "G1" });
    qq.say("user-1", "after");
    await next();
    expect(messages).toHaveLength(1);
  });

  it("and with a file is handed over", async () => {
    const { qq, listening } = await openQq();
    const { next } = await listening();
    qq.say("user-1", { attachments: [{ kind: "image", bytes: Uint8Array.of(1) }] });
    expect((await next()).parts).toMatchObject([{ kind: "image" }]);
  });
});
