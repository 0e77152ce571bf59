import { TransientError, type AcceptResult } from "@revka/core";
import { describe, expect, it } from "vitest";
import { openDingtalk, until } from "./dingtalk-house.ts";

const ROBOT_TOPIC = "/v1.0/im/bot/messages/get";

describe("a message", () => {
  it("in private belongs to its sender (DT-13, DT-19, DT-23)", async () => {
    const { dingtalk, clock, listening } = await openDingtalk();
    const { next } = await listening();
    const id = dingtalk.say("staff-1", "hello");
    expect(await next()).toMatchObject({
      id, channel: "dingtalk", conversation: { id: "staff-1", kind: "direct" }, sender: { id: "staff-1", name: "staff-1" },
      parts: [{ kind: "text", text: "hello" }], mentionsBot: true, sentAt: clock.now(),
    });
  });

  it("in a group belongs to the group (DT-13, DT-19, DT-24)", async () => {
    const { dingtalk, listening } = await openDingtalk();
    const { next } = await listening();
    dingtalk.say("staff-1", "你好", { group: "cidGROUP==" });
    expect(await next()).toMatchObject({
      conversation: { id: "cidGROUP==", kind: "group", title: "cidGROUP==" }, sender: { id: "staff-1" }, parts: [{ kind: "text", text: "你好" }], mentionsBot: true,
    });
  });

  it.each(["number", "string"] as const)("is the same with every number as a %s", async (numbersAs) => {
    const { dingtalk, listening, open, pass } = await openDingtalk();
    const { next } = await listening();
    for (const group of [{}, { group: "cidGROUP==" }]) {
      dingtalk.behave({ numbersAs: "usual" });
      dingtalk.say("staff-1", "hello", group);
      const { id: _usualId, ...usual } = await next();
      dingtalk.behave({ numbersAs });
      dingtalk.say("staff-1", "hello", group);
      const { id: _id, ...message } = await next();
      expect(message).toEqual(usual);
    }
    // So is the life of the webhook.
    const target = { conversationId: "staff-1" };
    await pass(5_399_000);
    await open().send({ target, text: "just in time" });
    await pass(1_000);
    await expect(open().send({ target, text: "too late" })).rejects.toMatchObject({ code: "no-route" });
  });

  it.each([["contentAs", "json"], ["dataAs", "object"]] as const)("is read with %s %j", async (key, value) => {
    const { dingtalk, listening } = await openDingtalk();
    const { next } = await listening();
    dingtalk.behave({ [key]: value });
    dingtalk.say("staff-1", { msgtype: "richText", segments: [{ text: "see " }, { text: "this" }] });
    expect((await next()).parts).toEqual([{ kind: "text", text: "see this" }]);
  });

  it("of 300 KiB arrives whole", async () => {
    const { dingtalk, listening } = await openDingtalk();
    const { next } = await listening();
    const text = "长".repeat(100 * 1024);
    dingtalk.say("staff-1", text);
    expect((await next()).parts).toEqual([{ kind: "text", text }]);
    expect(await dingtalk.nextAck()).toMatchObject({ counts: true });
  });

  it("keeps the order within its conversation", async () => {
    const { dingtalk, listening } = await openDingtalk();
    const { texts } = await listening();
    const said = Array.from({ length: 200 }, (_, n) => `text ${n}`);
    for (const text of said) dingtalk.say("staff-1", text);
    await until(() => texts().length === said.length);
    expect(texts()).toEqual(said);
  });

  it("that mentions nobody in a group does not come at all, and one that mentions the robot alone is acknowledged and dropped", async () => {
    const { dingtalk, listening } = await openDingtalk();
    const { messages } = await listening();
    dingtalk.say("staff-1", "among us", { group: "cidGROUP==", mention: false });
    const id = dingtalk.say("staff-1", "", { group: "cidGROUP==" });
    expect(await dingtalk.nextAck()).toMatchObject({ msgId: id, code: 200, counts: true });
    expect(dingtalk.deliveries).toHaveLength(1);
    expect(messages).toEqual([]);
  });
});

describe("the acknowledgment", () => {
  it("has the form of the protocol and waits until the host has the message (DT-26)", async () => {
    const { sandbox: { frames }, dingtalk, listening } = await openDingtalk();
    dingtalk.behave({ strictAcks: true });
    const safe = Promise.withResolvers<AcceptResult>();
    const { connection, next } = await listening({ answer: () => safe.promise });
    const msgId = dingtalk.say("staff-1", "hello");
    await next();
    connection.ping();
    await dingtalk.nextPong();
    expect(dingtalk.acks).toEqual([]);
    safe.resolve("accepted");
    expect(await dingtalk.nextAck()).toMatchObject({ msgId, connection: connection.id, counts: true, problems: [] });
    const { text } = await frames.next(({ frame }) => frame === "ack");
    const messageId = dingtalk.deliveries[0]?.messageId;
    expect(JSON.parse(text)).toEqual({ code: 200, message: "OK", headers: { messageId, contentType: "application/json" }, data: '{"response":null}' });
  });

  it("that gets lost brings the message again after 60 s; it is acknowledged again and handed over once", async () => {
    const { sandbox: { frameFaults }, dingtalk, listening, pass } = await openDingtalk();
    const { messages, next } = await listening();
    const lost = frameFaults.add({ platform: "dingtalk", direction: "in", frame: "ack", fault: { kind: "drop" } });
    const msgId = dingtalk.say("staff-1", "hello");
    await next();
    await lost.struck;
    await pass(60_000);
    expect(await dingtalk.nextAck()).toMatchObject({ msgId, counts: true });
    const [first, second] = dingtalk.deliveries;
    expect(second).toMatchObject({ msgId, attempt: 2 });
    expect(second?.messageId).not.toBe(first?.messageId);
    await pass(120_000);
    expect(messages).toHaveLength(1);
    expect(dingtalk.deliveries).toHaveLength(2);
  });

  it.each(["same", "new"] as const)("comes for each delivery within a second, with the %s id, and the message once", async (messageId) => {
    const { dingtalk, listening } = await openDingtalk();
    const { messages } = await listening();
    const msgId = dingtalk.say("staff-1", "hello");
    for (let n = 0; n < 3; n += 1) dingtalk.redeliver(msgId, { messageId });
    for (let n = 0; n < 4; n += 1) expect(await dingtalk.nextAck()).toMatchObject({ msgId, code: 200, counts: true });
    expect(messages).toHaveLength(1);
  });

  it("comes for a frame that the network doubled or let another one overtake", async () => {
    const { sandbox: { frameFaults }, dingtalk, listening } = await openDingtalk();
    const { texts } = await listening();
    frameFaults.add({ direction: "out", frame: `CALLBACK ${ROBOT_TOPIC}`, fault: { kind: "duplicate", count: 3 } });
    frameFaults.add({ direction: "out", frame: `CALLBACK ${ROBOT_TOPIC}`, fault: { kind: "reorder" } });
    for (const text of ["one", "two", "three"]) dingtalk.say("staff-1", text);
    await until(() => dingtalk.acks.length === 5);
    expect(texts()).toEqual(["one", "three", "two"]);
  });

  it("is withheld while the host cannot keep the message, which is taken when it comes again", async () => {
    const { dingtalk, listening, pass, logged } = await openDingtalk();
    const answers: (() => Promise<AcceptResult>)[] = [() => Promise.reject(new TransientError("the disk is full"))];
    const { messages, next } = await listening({ answer: () => answers.shift()?.() ?? Promise.resolve("accepted") });
    const msgId = dingtalk.say("staff-1", "hello");
    await next();
    await pass(59_000);
    expect(dingtalk.acks).toEqual([]);
    await pass(1_000);
    expect(await dingtalk.nextAck()).toMatchObject({ msgId, counts: true });
    expect(messages.map(({ id }) => id)).toEqual([msgId, msgId]);
    expect(logged("warn")).toEqual(["DingTalk: a message was not taken, leaving it to the platform"]);
  });

  it("is sent for what the host has no room for: it has told the sender, so the message must not come again", async () => {
    const { dingtalk, listening, pass } = await openDingtalk();
    const { messages, next } = await listening({ answer: () => Promise.resolve("overflow") });
    const msgId = dingtalk.say("staff-1", "hello");
    await next();
    expect(await dingtalk.nextAck()).toMatchObject({ msgId, counts: true });
    await pass(120_000);
    expect(messages).toHaveLength(1);
  });

  it("is withheld from what exceeds the bound of a flood that a stuck host does not take, and all comes over later", async () => {
    const { dingtalk, listening, pass } = await openDingtalk();
    const stuck = Promise.withResolvers<AcceptResult>();
    const { connection, messages } = await listening({ answer: () => stuck.promise });
    for (let n = 0; n < 500; n += 1) dingtalk.say(`staff-${n}`, "hello");
    connection.ping();
    await dingtalk.nextPong();
    expect(messages.length).toBeLessThan(100);
    stuck.resolve("accepted");
    await until(() => dingtalk.acks.length > 300);
    await pass(60_000);
    await until(() => dingtalk.acks.length === 500);
    expect(new Set(messages.map(({ id }) => id)).size).toBe(500);
    expect(messages).toHaveLength(500);
  });
});

describe("what cannot be read", () => {
  const FRAMES: readonly (readonly [string, string | Uint8Array])[] = [
    ["a page", "<html>no frame</html>"],
    ["an empty frame", ""],
    ["a binary frame", Uint8Array.from({ length: 256 }, (_, byte) => byte)],
    ["half a frame", '{"specVersion":"1.0","type":"CALLBACK","headers":{"topic":'],
    ["a scalar", "42"],
    ["null", "null"],
    ["a list", "[1,2,3]"],
    ["a frame without anything", "{}"],
    ["headers of another type", '{"type":"CALLBACK","headers":"none","data":"{}"}'],
    ["lists within lists", "[".repeat(100_000)],
  ];

  it.each(FRAMES)("is dropped with one warning, and the next message arrives: %s", async (_title, frame) => {
    const { dingtalk, logged, listening } = await openDingtalk();
    const { connection, texts, next } = await listening();
    connection.sendRaw(frame);
    dingtalk.say("staff-1", "after");
    await next();
    expect(texts()).toEqual(["after"]);
    expect(logged("warn").length + logged("error").length).toBe(1);
    expect(dingtalk.connections).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ["no JSON", "{oops"],
    ["an empty body", ""],
    ["a scalar", "42"],
    ["an object without anything", {}],
    ["fields of wrong types", { msgId: { $id: 1 }, conversationId: 7, senderStaffId: ["staff-1"], msgtype: null, text: "hello" }],
  ])("is acknowledged so that it does not come again: a message whose data is %s", async (_title, data) => {
    const { dingtalk, listening, pass } = await openDingtalk();
    const { messages } = await listening();
    const msgId = dingtalk.push({ type: "CALLBACK", topic: ROBOT_TOPIC, data });
    expect(await dingtalk.nextAck()).toMatchObject({ msgId, code: 200, counts: true, problems: [] });
    await pass(120_000);
    expect(dingtalk.deliveries).toHaveLength(1);
    expect(messages).toEqual([]);
  });

  it("is told to the platform with 404: a topic that nobody subscribed to", async () => {
    const { dingtalk, listening, logged } = await openDingtalk();
    const { connection, messages } = await listening();
    for (let n = 0; n < 3; n += 1) {
      dingtalk.push({ type: "CALLBACK", topic: "/v1.0/card/instances/callback", data: {} }, { connection: connection.id });
      expect(await dingtalk.nextAck()).toMatchObject({ code: 404, counts: true, problems: [] });
    }
    expect(messages).toEqual([]);
    expect(logged("warn")).toHaveLength(1);
  });

  it("is acknowledged with SUCCESS: an event that nobody subscribed to", async () => {
    const { dingtalk, listening } = await openDingtalk();
    const { connection, messages } = await listening();
    dingtalk.push({ type: "EVENT", topic: "*", data: { userId: ["staff-9"] }, headers: { eventType: "user_add_org" } }, { connection: connection.id });
    expect(await dingtalk.nextAck()).toMatchObject({ code: 200, data: { status: "SUCCESS" }, counts: true, problems: [] });
    expect(messages).toEqual([]);
  });

  it("ends the connection when a frame exceeds a mebibyte, and another one takes over", async () => {
    const { sandbox: { frameFaults }, dingtalk, listening, pass } = await openDingtalk();
    const { connection, next } = await listening();
    frameFaults.add({ direction: "out", fault: { kind: "pad", bytes: 1_048_577 } });
    dingtalk.say("staff-1", "huge");
    expect(await connection.closed).toMatchObject({ code: 1009 });
    await pass(60_000);
    expect((await next()).parts).toEqual([{ kind: "text", text: "huge" }]);
  });
});

describe("two gateways with the same credentials", () => {
  it("share the messages out between them: each is handled by one", async () => {
    const { dingtalk, listening } = await openDingtalk();
    const [one, other] = [await listening(), await listening()];
    const ids = Array.from({ length: 40 }, (_, n) => dingtalk.say("staff-1", `text ${n}`));
    await until(() => one.messages.length + other.messages.length >= ids.length);
    expect([...one.messages, ...other.messages].map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(Math.min(one.messages.length, other.messages.length)).toBeGreaterThan(0);
  });
});
