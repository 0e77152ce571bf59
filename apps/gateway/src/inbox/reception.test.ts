import { TransientError } from "@revka/core";
import { describe, expect, it } from "vitest";
import { createHeldAgent } from "../testing/test-agent.test-support.ts";
import { openHouse, rowOf } from "../testing/test-house.test-support.ts";

const QUEUE_FULL = "⚠️ Too many messages are waiting, so your last one was not taken. Please send it again later.";
const TOO_FAST = "⚠️ That was too many messages in one minute, so your last one was not taken. Please wait a little and send it again.";

describe("accepting a message", () => {
  it("is done before the agent is asked, however long it thinks (GW-50, GW-51)", async () => {
    const agent = createHeldAgent();
    const house = await openHouse({ agent });
    const order: string[] = [];
    const accepted = house.channel.say("m").then((result) => order.push(`acked as ${result}`));
    const asked = house.until("agent-started").then(() => order.push("asked"));
    await Promise.all([accepted, asked]);
    expect(order).toEqual(["acked as accepted", "asked"]);
    agent.answer("m");
    await house.gateway.stop();
  });

  it("has the message on disk before it says so (GW-51)", async () => {
    const onDisk: unknown[] = [];
    const house = await openHouse({ onStep: ({ step, messageId }) => step === "accepted" && onDisk.push(rowOf(house.folder, messageId)["state"]) });
    await house.channel.say("m");
    expect(onDisk).toEqual(["accepted"]);
    await house.until("settled");
    await house.gateway.stop();
  });

  it.each([2, 100])("takes a message once that is delivered %i times at once (GW-56)", async (times) => {
    const house = await openHouse();
    const results = await Promise.all(Array.from({ length: times }, () => house.channel.say("m")));
    expect(results.filter((result) => result === "accepted")).toHaveLength(1);
    expect(results.filter((result) => result === "duplicate")).toHaveLength(times - 1);
    await house.until("settled");
    expect(await house.channel.say("m")).toBe("duplicate");
    expect(house.posted()).toEqual(["m"]);
    await house.gateway.stop();
  });

  it("refuses the newest when its conversation is full, with one notice a minute, and calls no copy an overflow", async () => {
    const agent = createHeldAgent();
    const house = await openHouse({ agent, dispatch: { queueCap: 2 } });
    await house.channel.say("running");
    await house.until("agent-started");
    expect(await Promise.all(["a", "b", "c", "d", "a"].map((text) => house.channel.say(text)))).toEqual(["accepted", "accepted", "overflow", "overflow", "duplicate"]);
    expect(await house.channel.say("elsewhere", { conversationId: "c2" })).toBe("accepted");
    expect(house.posted()).toEqual([QUEUE_FULL]);
    await house.clock.advance(60_000);
    await house.channel.say("e");
    expect(house.posted()).toEqual([QUEUE_FULL, QUEUE_FULL]);
    for (const text of ["running", "a", "b", "elsewhere"]) agent.answer(text);
    await house.until("settled", 4);
    await house.gateway.stop();
  });

  it("refuses what one sender says too fast, in the sender's language", async () => {
    const house = await openHouse({ dispatch: { senderLimitPerMinute: 2 } });
    const texts = ["a", "b", "c", "d"];
    expect(await Promise.all(texts.map((text) => house.channel.say(text)))).toEqual(["accepted", "accepted", "overflow", "overflow"]);
    expect(await house.channel.say("x", { senderId: "u2", conversationId: "c2" })).toBe("accepted");
    await house.until("settled", 3);
    const refusals = house.logger.entries.filter(({ message }) => message === "A message was refused: a limit is reached");
    expect(refusals.map(({ level, fields }) => [level, fields["message_id"], fields["reason"]])).toEqual([["warn", "c", "too-fast"], ["debug", "d", "too-fast"]]);
    expect(house.posted().filter((text) => text === TOO_FAST)).toHaveLength(1);
    await house.clock.advance(60_000);
    expect(await house.channel.say("c")).toBe("accepted");
    await house.channel.say("e", { locale: "zh-CN" });
    await house.channel.say("f", { locale: "zh-CN" });
    expect(house.posted()).toContain("⚠️ 您在一分钟内发送的消息过多，上一条消息未被接收，请稍等片刻后重新发送。");
    await house.gateway.stop();
  });

  it("sends no notice where error_replies is off", async () => {
    const house = await openHouse({ dispatch: { senderLimitPerMinute: 1, errorReplies: false } });
    await house.channel.say("a");
    expect(await house.channel.say("b")).toBe("overflow");
    await house.until("settled");
    expect(house.posted()).toEqual(["a"]);
    await house.gateway.stop();
  });

  it("does not answer what is older than max_message_age_secs, and logs one line", async () => {
    const house = await openHouse({ dispatch: { maxMessageAgeMs: 900_000 } });
    const sentAt = house.clock.now() - 900_001;
    expect(await house.channel.say("old", { sentAt })).toBe("duplicate");
    expect(await house.channel.say("older", { sentAt: sentAt - 1 })).toBe("duplicate");
    expect(await house.channel.say("new", { sentAt: sentAt + 1 })).toBe("accepted");
    await house.until("settled");
    expect(house.posted()).toEqual(["new"]);
    expect(house.logger.entries.filter(({ level }) => level === "info")).toHaveLength(1);
    await house.gateway.stop();
  });

  it("is refused while the gateway stops, so that the platform keeps the message", async () => {
    const house = await openHouse();
    await house.gateway.stop();
    await expect(house.channel.say("m")).rejects.toThrow(TransientError);
  });
});

describe("accepting when the whole house is full", () => {
  it("refuses a channel that is pushed to", async () => {
    const agent = createHeldAgent();
    const house = await openHouse({ agent, dispatch: { queueTotal: 1 } });
    await house.channel.say("a");
    expect(await house.channel.say("b", { conversationId: "c2" })).toBe("overflow");
    expect(house.posted()).toEqual([QUEUE_FULL]);
    agent.answer("a");
    await house.gateway.stop();
  });

  it("lets a channel wait that can, in order", async () => {
    const agent = createHeldAgent();
    const house = await openHouse({ agent, dispatch: { queueTotal: 1 } });
    await house.channel.say("a");
    const waiting = ["b", "c"].map((text) => house.channel.say(text, {}, { whenFull: "wait" }));
    const copy = house.channel.say("b", {}, { whenFull: "wait" });
    expect(house.gateway.snapshot().unfinished).toBe(1);
    for (const text of ["a", "b", "c"]) agent.answer(text);
    await expect(Promise.all([...waiting, copy])).resolves.toEqual(["accepted", "accepted", "duplicate"]);
    await house.until("settled", 3);
    expect(house.posted()).toEqual(["a", "b", "c"]);
    await house.gateway.stop();
  });

  it("lets go of a channel that stops to wait", async () => {
    const agent = createHeldAgent();
    const house = await openHouse({ agent, dispatch: { queueTotal: 1, queueCap: 1 } });
    await house.channel.say("a");
    const controller = new AbortController();
    const waiting = house.channel.say("b", {}, { whenFull: "wait", signal: controller.signal });
    controller.abort(new RangeError("enough"));
    await expect(waiting).rejects.toThrow("enough");
    agent.answer("a");
    await house.until("settled");
    agent.answer("b");
    expect(await house.channel.say("b", {}, { whenFull: "wait" })).toBe("accepted");
    await house.until("settled", 2);
    await house.gateway.stop();
  });
});
