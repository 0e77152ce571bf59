import { createMemoryStore } from "@revka/core";
import { describe, expect, it, vi } from "vitest";
import { dispatch, listenToPlatform, openBench } from "./listening.test-support.ts";
import { PATHS } from "./platform.test-support.ts";
import { refused, talk, whileTimePasses } from "./talking.test-support.ts";

const TO_USER = { target: { conversationId: "USER1" }, text: "hello" };

describe("createSender to whom nobody asked", () => {
  it("writes without a number (QQ-D04)", async () => {
    await using bench = await openBench();
    expect(await bench.channel.send(TO_USER)).toMatchObject({ route: "push" });
    await bench.channel.send({ target: { conversationId: "group:GROUP1" }, text: "all" });
    expect(bench.platform.bodies(PATHS.toUser)).toEqual([{ msg_type: 2, markdown: { content: "hello" } }]);
    expect(bench.platform.bodies(PATHS.toGroup)).toEqual([{ msg_type: 2, markdown: { content: "all" } }]);
  });

  it("never repeats what may have arrived, not even with its key", async () => {
    await using bench = await openBench();
    bench.platform.answer(PATHS.toUser, { isReset: true });
    const message = { ...TO_USER, idempotencyKey: "k" };
    for (let tries = 0; tries < 2; tries += 1) {
      await expect(bench.channel.send(message)).rejects.toMatchObject({ code: "platform", platformCode: "unknown-outcome", message: expect.stringContaining("it is not known whether") as string });
    }
    expect(bench.platform.count(PATHS.toUser)).toBe(1);
  });

  it("repeats what certainly did not arrive", async () => {
    await using bench = await openBench();
    bench.platform.answer(PATHS.toUser, { status: 429 }, refused(22009));
    await whileTimePasses(bench, bench.channel.send({ ...TO_USER, idempotencyKey: "k" }));
    expect(bench.platform.count(PATHS.toUser)).toBe(3);
  });

  it.each([40034102, 40034105, 40054013])("says so where they want nothing unasked, and says it with the next answer: %i", async (code) => {
    const store = createMemoryStore();
    await using bench = await openBench({ store });
    bench.platform.answer(PATHS.toUser, refused(code), refused(code));
    for (const text of ["one", "two"]) {
      await expect(bench.channel.send({ ...TO_USER, text })).rejects.toMatchObject({ code: "no-route", conversationId: "user:USER1", message: expect.stringContaining("They have to write first") as string });
    }
    await using talking = await talk("user", { store });
    await vi.waitUntil(() => talking.platform.count(PATHS.toUser) === 1);
    await talking.channel.send({ target: talking.target, text: "three" });
    expect(talking.platform.bodies(PATHS.toUser)).toEqual([
      { msg_type: 2, markdown: { content: "one\n\ntwo" }, msg_id: "msg-1", msg_seq: 1 },
      { msg_type: 2, markdown: { content: "three" }, msg_id: "msg-1", msg_seq: 2 },
    ]);
    await talking.hear("msg-2");
    await talking.channel.send({ target: talking.target, text: "four" });
    expect(talking.platform.count(PATHS.toUser)).toBe(3);
  });

  it("leaves most answers to the new message, however much waits", async () => {
    const store = createMemoryStore();
    await using bench = await openBench({ store });
    for (let count = 0; count < 3; count += 1) {
      bench.platform.answer(PATHS.toUser, refused(40034105));
      await expect(bench.channel.send({ ...TO_USER, text: `${count}`.repeat(3_000) })).rejects.toMatchObject({ code: "no-route" });
    }
    await using talking = await talk("user", { store });
    const receipt = await talking.channel.send({ target: talking.target, text: "x" });
    expect([talking.platform.count(PATHS.toUser), receipt.remainingReplies]).toEqual([3, 1]);
    await talking.hear("msg-2");
    await vi.waitUntil(() => talking.platform.count(PATHS.toUser) === 4);
  });

  it.each([
    ["keeps what waits where it cannot be said now", Array<object>(4).fill({ status: 429 }), "could not be said yet", 5],
    ["gives up what waits where the platform refuses it for good", [refused(40034006)], "giving up what waited", 1],
  ])("%s", async (_title, answers, line, count) => {
    const store = createMemoryStore();
    await using bench = await openBench({ store });
    bench.platform.answer(PATHS.toUser, refused(40034105));
    await expect(bench.channel.send(TO_USER)).rejects.toMatchObject({ code: "no-route" });
    await using talking = await talk("user", { store, prepare: (platform) => platform.answer(PATHS.toUser, ...answers) });
    for (let tries = 1; tries < answers.length; tries += 1) {
      await talking.clock.untilPending(2);
      await talking.clock.advance(4_800);
    }
    await vi.waitUntil(() => talking.logger.text().includes(line));
    await talking.hear("msg-2");
    await vi.waitUntil(() => talking.platform.count(PATHS.toUser) === count);
    await talking.channel.send({ target: talking.target, text: "x" });
    expect(talking.platform.count(PATHS.toUser)).toBe(count + 1);
  });

  it.each([
    ["USER1", { openid: "USER1" }, ["C2C_MSG_REJECT", "FRIEND_DEL"], ["C2C_MSG_RECEIVE", "FRIEND_ADD"]],
    ["group:GROUP1", { group_openid: "GROUP1", op_member_openid: "M" }, ["GROUP_MSG_REJECT", "GROUP_DEL_ROBOT"], ["GROUP_MSG_RECEIVE", "GROUP_ADD_ROBOT"]],
  ])("does not even try to write to %s while that is switched off, over a restart", async (conversationId, d, offs, ons) => {
    for (const [index, off] of offs.entries()) {
      const store = createMemoryStore();
      await using listening = await listenToPlatform({ store });
      const socket = await listening.connected();
      socket.send(dispatch(off, { timestamp: 1, ...d }, 2));
      await vi.waitUntil(() => listening.logger.text().includes("no longer welcome"));
      await using later = await openBench({ store });
      await expect(later.channel.send({ target: { conversationId }, text: "x" })).rejects.toMatchObject({ code: "no-route" });
      expect(later.platform.calls).toEqual([]);
      socket.send(dispatch(ons[index] ?? "", { timestamp: 2, ...d }, 3));
      await vi.waitUntil(() => listening.logger.text().includes("are welcome"));
      await later.channel.send({ target: { conversationId }, text: "x" });
    }
  });

  it("sends notifications unasked first, so that they use up nobody's answers (QQ-D02)", async () => {
    await using talking = await talk("user", { config: { notificationTarget: "user:USER1" } });
    for (const conversationId of ["", "user:USER1"]) {
      expect(await talking.channel.send({ target: { conversationId }, text: "x" })).toMatchObject({ route: "push" });
    }
    talking.platform.answer(PATHS.toUser, refused(40034105));
    expect(await talking.channel.send({ target: { conversationId: "" }, text: "x" })).toMatchObject({ route: "reply" });
    expect(await talking.channel.send({ target: talking.target, text: "x" })).toMatchObject({ route: "reply" });
  });
});
