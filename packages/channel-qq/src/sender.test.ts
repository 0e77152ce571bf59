import { describe, expect, it, vi } from "vitest";
import { dispatch, openBench, privateMessage } from "./listening.test-support.ts";
import { PATHS, type TestAnswer } from "./platform.test-support.ts";
import { refused, talk, whileTimePasses, type Talking } from "./talking.test-support.ts";

const LOST: TestAnswer = { isReset: true };
const posted = ({ platform }: Pick<Talking, "platform">, path: string = PATHS.toUser): readonly object[] => platform.bodies(path) as object[];
const pairs = (bodies: readonly object[]): unknown => bodies.map((body) => ("msg_id" in body && "msg_seq" in body ? `${String(body.msg_id)} ${String(body.msg_seq)}` : "unasked"));

describe("createSender to whom it answers", () => {
  it("numbers its answers to a message, also those sent at once (QQ-D12)", async () => {
    await using talking = await talk();
    const { channel, target } = talking;
    const sends = ["one", "two", "three"].map((text) => channel.send({ target, text }));
    expect((await Promise.all(sends)).map(({ remainingReplies }) => remainingReplies)).toEqual([3, 2, 1]);
    expect(pairs(posted(talking))).toEqual(["msg-1 1", "msg-1 2", "msg-1 3"]);
  });

  it.each([["user", 4, PATHS.toUser], ["group", 5, PATHS.toGroup]] as const)("answers a %s %i times, then writes unasked (QQ-D12)", async (scene, count, path) => {
    await using talking = await talk(scene);
    const routes: unknown[] = [];
    for (let index = 0; index <= count; index += 1) routes.push((await talking.channel.send({ target: talking.target, text: "x" })).route);
    expect(routes).toEqual([...Array<string>(count).fill("reply"), "push"]);
    expect(posted(talking, path).at(-1)).toEqual({ msg_type: 2, markdown: { content: "x" } });
  });

  it.each([["user", 3_590_000], ["group", 290_000]] as const)("writes unasked to a %s once the window is about to close (QQ-D12)", async (scene, windowMs) => {
    for (const [ageMs, route] of [[windowMs - 1, "reply"], [windowMs, "push"]] as const) {
      await using talking = await talk(scene);
      await talking.stop();
      await talking.clock.advance(ageMs);
      expect(await talking.channel.send({ target: talking.target, text: "x" })).toMatchObject({ route });
    }
  });

  it("answers the newest message where the one that was asked is answered enough, or none is named", async () => {
    await using talking = await talk();
    const { channel, target } = talking;
    for (let index = 0; index < 4; index += 1) await channel.send({ target, text: "x" });
    await talking.hear("msg-2");
    await channel.send({ target, text: "x" });
    await channel.send({ target: { conversationId: "USER1" }, text: "x" });
    expect(pairs(posted(talking))).toEqual(["msg-1 1", "msg-1 2", "msg-1 3", "msg-1 4", "msg-2 1", "msg-2 2"]);
  });

  it.each([40034128, 304027, 40034024, 304103])("drops a message that the platform takes no answers to, and writes unasked: %i", async (code) => {
    await using talking = await talk();
    talking.platform.answer(PATHS.toUser, refused(code));
    expect(await talking.channel.send({ target: talking.target, text: "x" })).toMatchObject({ route: "push" });
    await talking.channel.send({ target: talking.target, text: "y" });
    expect(pairs(posted(talking))).toEqual(["msg-1 1", "unasked", "unasked"]);
  });

  it.each([["a lost answer", LOST], ["a failed server", { status: 500 }], ["a page", { status: 502, body: "<html>" }], ["a code", refused(50055001, 500)]])(
    "repeats after %s with the same number, and takes `seen before` for success (QQ-D12)",
    async (_title, answer) => {
      await using talking = await talk();
      talking.platform.answer(PATHS.toUser, answer, refused(40054005));
      expect(await whileTimePasses(talking, talking.channel.send({ target: talking.target, text: "x" }))).toMatchObject({ route: "reply", messageIds: [] });
      expect(pairs(posted(talking))).toEqual(["msg-1 1", "msg-1 1"]);
    },
  );

  it("takes the next number, once, where the platform has seen a first one", async () => {
    await using talking = await talk();
    talking.platform.answer(PATHS.toUser, refused(40054005));
    await talking.channel.send({ target: talking.target, text: "x" });
    expect(pairs(posted(talking))).toEqual(["msg-1 1", "msg-1 2"]);
    talking.platform.answer(PATHS.toUser, refused(40054005), refused(40054005));
    await expect(talking.channel.send({ target: talking.target, text: "x" })).rejects.toMatchObject({ platformCode: "40054005" });
  });

  it("tells that an outcome is unknown after four tries, and goes on with the same key where it was (QQ-D12)", async () => {
    await using talking = await talk();
    const message = { target: talking.target, text: "x", idempotencyKey: "turn:0" };
    talking.platform.answer(PATHS.toUser, LOST, LOST, LOST, LOST);
    await expect(whileTimePasses(talking, talking.channel.send(message))).rejects.toMatchObject({ code: "unknown-outcome" });
    talking.platform.answer(PATHS.toUser, refused(40054005));
    expect(await talking.channel.send(message)).toMatchObject({ messageIds: [] });
    expect(pairs(posted(talking))).toEqual(Array<string>(5).fill("msg-1 1"));
    await talking.channel.send({ ...message, idempotencyKey: "turn:1" });
    expect(pairs(posted(talking).slice(-1))).toEqual(["msg-1 2"]);
  });

  it("sends nothing again whose key it has delivered", async () => {
    await using talking = await talk();
    const message = { target: talking.target, text: "x", idempotencyKey: "turn:0" };
    const first = await talking.channel.send(message);
    expect((await talking.channel.send(message)).messageIds).toEqual(first.messageIds);
    expect(posted(talking)).toHaveLength(1);
  });

  it("says that it does not know, where an answer may have arrived and can no longer be repeated", async () => {
    await using talking = await talk();
    talking.platform.answer(PATHS.toUser, LOST, refused(40034128));
    await expect(whileTimePasses(talking, talking.channel.send({ target: talking.target, text: "x" }))).rejects.toMatchObject({ platformCode: "unknown-outcome" });
    expect(posted(talking)).toHaveLength(2);
  });

  it.each([22009, 20028, 1100308])("waits where the platform finds the sending too fast, and keeps the order: %i", async (code) => {
    await using talking = await talk();
    const { channel, platform, target } = talking;
    platform.answer(PATHS.toUser, refused(code), { status: 429 });
    await whileTimePasses(talking, Promise.all(["one", "two"].map((text) => channel.send({ target, text }))));
    expect(posted(talking).map((body) => ("markdown" in body ? body.markdown : body))).toEqual([{ content: "one" }, { content: "one" }, { content: "one" }, { content: "two" }]);
    platform.answer(PATHS.toUser, ...Array<TestAnswer>(4).fill(refused(code)));
    await expect(whileTimePasses(talking, channel.send({ target, text: "three" }))).rejects.toMatchObject({ code: "rate-limit" });
  });
});

describe("createSender with texts that the platform refuses", () => {
  it("sends plain text instead of markdown, and addresses in pieces, with the same number (QQ-D12)", async () => {
    await using talking = await talk();
    talking.platform.answer(PATHS.toUser, refused(304036), refused(304003));
    await talking.channel.send({ target: talking.target, text: "**see** a.example", idempotencyKey: "k" });
    expect(posted(talking)).toEqual([
      { msg_type: 2, markdown: { content: "**see** a.example" }, msg_id: "msg-1", msg_seq: 1 },
      { msg_type: 0, content: "see a.example", msg_id: "msg-1", msg_seq: 1 },
      { msg_type: 0, content: "see a．example", msg_id: "msg-1", msg_seq: 1 },
    ]);
  });

  it("takes the next number for the mended text where the refused one has used up its own", async () => {
    await using talking = await talk();
    talking.platform.answer(PATHS.toUser, refused(304036), refused(40054005));
    expect(await talking.channel.send({ target: talking.target, text: "**see**" })).toMatchObject({ route: "reply" });
    expect(pairs(posted(talking))).toEqual(["msg-1 1", "msg-1 1", "msg-1 2"]);
  });

  it("tries each remedy once", async () => {
    await using talking = await talk();
    talking.platform.answer(PATHS.toUser, refused(304003), refused(304003), refused(304003));
    await expect(talking.channel.send({ target: talking.target, text: "a.example" })).rejects.toMatchObject({ platformCode: "304003" });
    expect(posted(talking)).toHaveLength(2);
  });

  it.each([40034006, 40054002, 11255, 99])("fails with the platform's words: %i", async (code) => {
    await using talking = await talk();
    talking.platform.answer(PATHS.toUser, refused(code));
    await expect(talking.channel.send({ target: talking.target, text: "x" })).rejects.toMatchObject({
      code: "platform", platformCode: String(code), message: expect.stringContaining(`QQ send message failed (400 Bad Request): {"code":${code}`) as string,
    });
    expect(posted(talking)).toHaveLength(1);
  });

  it("fails where a code comes with status 200 (QQ-D08)", async () => {
    await using talking = await talk();
    talking.platform.answer(PATHS.toUser, refused(40034006, 200));
    await expect(talking.channel.send({ target: talking.target, text: "x" })).rejects.toThrow("QQ send message failed (200 OK)");
  });

  it("takes what waits for an audit for sent", async () => {
    await using talking = await talk();
    talking.platform.answer(PATHS.toUser, { status: 202, body: { code: 304023, message: "waiting", data: { message_audit: { audit_id: "a" } } } });
    expect(await talking.channel.send({ target: talking.target, text: "x" })).toMatchObject({ messageIds: [] });
  });

  it("says how much of a long text arrived", async () => {
    await using talking = await talk();
    talking.platform.answer(PATHS.toUser, { body: { id: "out-1" } }, refused(40034006));
    await expect(talking.channel.send({ target: talking.target, text: "x".repeat(4_000) })).rejects.toThrow("(1 of 2 parts delivered)");
  });

  it("sends nothing to where it could not lead", async () => {
    await using bench = await openBench();
    await expect(bench.channel.send({ target: { conversationId: "group:../x" }, text: "x" })).rejects.toThrow(TypeError);
    await expect(bench.channel.send({ target: { conversationId: "" }, text: "x" })).rejects.toThrow(TypeError);
    expect(bench.platform.calls).toEqual([]);
  });
});

describe("createSender and quotes", () => {
  it("knows what it said when somebody quotes it", async () => {
    await using talking = await talk();
    const { channel, target, socket1 } = talking;
    await channel.send({ target, text: "the answer" });
    socket1.send(dispatch("C2C_MESSAGE_CREATE", privateMessage({ id: "msg-2", message_type: 103, message_scene: { ext: ["ref_msg_idx=REFIDX_out1"] } }), 9));
    await vi.waitUntil(() => talking.messages.length === 2);
    expect(talking.messages[1]?.parts[0]).toEqual({ kind: "quote", text: "the answer", messageId: "REFIDX_out1" });
  });
});
