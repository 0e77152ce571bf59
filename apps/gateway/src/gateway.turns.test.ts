import { describe, expect, it } from "vitest";
import { createHeldAgent, createScriptedAgent, deafAgent } from "./testing/test-agent.test-support.ts";
import { openHouse, rowOf } from "./testing/test-house.test-support.ts";

describe("the turns of conversations", () => {
  it("come one after another in one conversation, and at once in different ones", async () => {
    const agent = createHeldAgent();
    const house = await openHouse({ agent });
    for (const text of ["a1", "a2"]) await house.channel.say(text, { conversationId: "a" });
    await house.channel.say("b1", { conversationId: "b" });
    await house.until("agent-started", 2);
    expect(agent.requests.map(({ message }) => message.text)).toEqual(["a1", "b1"]);
    agent.answer("a2");
    agent.answer("b1");
    agent.answer("a1");
    await house.until("settled", 3);
    expect(house.posted().filter((text) => text.startsWith("a"))).toEqual(["a1", "a2"]);
    await house.gateway.stop();
  });

  it("keep the order of a hundred messages that come at once", async () => {
    const house = await openHouse({ dispatch: { queueCap: 100 } });
    const texts = Array.from({ length: 100 }, (_, index) => `m${index}`);
    await Promise.all(texts.map((text) => house.channel.say(text)));
    await house.until("settled", 100);
    expect(house.posted()).toEqual(texts);
    await house.gateway.stop();
  });

  it.each([
    ["sender", 2],
    ["room", 1],
  ] as const)("are told apart in a group by %s", async (conversationScope, atOnce) => {
    const agent = createHeldAgent();
    const house = await openHouse({ agent, dispatch: { conversationScope } });
    for (const senderId of ["u1", "u2"]) await house.channel.say(senderId, { kind: "group", senderId });
    await house.until("agent-started", atOnce);
    await house.clock.advance(0);
    expect(house.gateway.snapshot().thinking).toBe(atOnce);
    for (const text of ["u1", "u2"]) agent.answer(text);
    await house.until("settled", 2);
    await house.gateway.stop();
  });

  it("run no more at once than max_in_flight", async () => {
    const agent = createHeldAgent();
    const house = await openHouse({ agent, dispatch: { maxInFlight: 2 } });
    const texts = ["a", "b", "c"];
    for (const text of texts) await house.channel.say(text, { conversationId: text });
    await house.until("agent-started", 2);
    await house.clock.advance(0);
    expect(agent.requests).toHaveLength(2);
    for (const text of texts) agent.answer(text);
    await house.until("settled", 3);
    await house.gateway.stop();
  });

  it("tell the agent who speaks, where and how", async () => {
    const agent = createHeldAgent();
    const house = await openHouse({ agent });
    await house.channel.say("hi [FILE:x]", { id: "m", conversation: { id: "c", kind: "group", threadId: "t" }, sender: { id: "u", name: "Ada" }, locale: "ja" });
    agent.answer("hi [FILE:x]");
    await house.until("settled");
    expect(agent.requests).toMatchObject([
      {
        attempt: 1,
        conversation: { key: "test:c:t:u", channel: "test", kind: "group", id: "c", threadId: "t" },
        sender: { id: "u", name: "Ada" },
        message: { ids: ["m"], text: "hi [FILE:x]", rendered: "hi (FILE:x]", locale: "ja" },
        history: [],
        hints: { format: "markdown", text: { limit: 100, unit: "chars" } },
      },
    ]);
    await house.gateway.stop();
  });
});

describe("a turn without an answer", () => {
  it("is told to the user with a reference, and the error only to the log", async () => {
    const agent = createScriptedAgent([{ kind: "error", message: "key sk-123456 refused" }], () => Promise.resolve());
    const house = await openHouse({ agent, redactor: { add: () => undefined, text: (text) => text.replaceAll("sk-123456", "***") } });
    await house.channel.say("m");
    await house.until("dead");
    const ref = String(rowOf(house.folder, "m")["turn_id"]);
    expect(house.posted()).toEqual([`⚠️ Something went wrong. Please try again. (ref ${ref})`]);
    expect(house.logger.entries).toMatchObject([{ level: "error", fields: { ref, error: "key *** refused" } }]);
    await house.gateway.stop();
  });

  it("shows what the agent wants the user to read, up to 500 characters", async () => {
    const agent = createScriptedAgent([{ kind: "error", message: "quota", userText: "x".repeat(501) }], () => Promise.resolve());
    const house = await openHouse({ agent });
    await house.channel.say("m");
    await house.until("dead");
    expect(house.posted()).toEqual([`${"x".repeat(499)}…`]);
    await house.gateway.stop();
  });

  it("says that it timed out, in the user's language, and goes on with the next message", async () => {
    const house = await openHouse({ agent: deafAgent });
    await house.channel.say("m", { locale: "zh-TW" });
    await house.channel.say("next");
    await house.until("agent-started");
    await house.clock.advance(300_000);
    await house.until("agent-started", 2);
    expect(house.posted()).toEqual(["⚠️ 等待模型回應逾時，請再試一次。"]);
    expect(rowOf(house.folder, "m")).toMatchObject({ state: "dead", reason: "timed out" });
    const stopped = house.gateway.stop();
    await house.clock.advance(25_000);
    await stopped;
  });

  it("posts nothing for an empty answer, and warns", async () => {
    const house = await openHouse({ agent: createScriptedAgent([{ kind: "done" }], () => Promise.resolve()) });
    await house.channel.say("m");
    await house.until("settled");
    expect(house.channel.tried).toEqual([]);
    expect(house.logger.entries).toMatchObject([{ level: "warn", message: "The agent gave no answer" }]);
    await house.gateway.stop();
  });

  it("says nothing to users where error_replies is off", async () => {
    const house = await openHouse({ agent: createScriptedAgent([new RangeError("boom")], () => Promise.resolve()), dispatch: { errorReplies: false } });
    await house.channel.say("m");
    await house.until("dead");
    expect(house.channel.tried).toEqual([]);
    await house.gateway.stop();
  });

  it("does not try a notice again", async () => {
    const house = await openHouse({ agent: createScriptedAgent([new RangeError("boom")], () => Promise.resolve()) });
    house.channel.failSends(new RangeError("down"));
    await house.channel.say("m");
    await house.until("dead");
    expect(house.channel.tried).toHaveLength(1);
    await house.gateway.stop();
  });

  it("is logged as a crash when a bug of ours or of a channel ends it, and the next one comes", async () => {
    const house = await openHouse();
    const { split } = house.channel;
    house.channel.split = () => {
      house.channel.split = split;
      throw new TypeError("a bug");
    };
    await house.channel.say("m");
    await house.channel.say("next");
    await house.until("settled");
    expect(house.logger.entries).toMatchObject([{ level: "error", message: "Channel message worker crashed: a bug" }]);
    expect(rowOf(house.folder, "m")).toMatchObject({ state: "dead", reason: "a bug" });
    expect(house.posted()).toEqual(["next"]);
    await house.gateway.stop();
  });
});
