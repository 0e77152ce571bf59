import { AuthError, NoReplyRouteError, PlatformError, RateLimitError, TransientError, UnknownOutcomeError } from "@revka/core";
import { describe, expect, it } from "vitest";
import { createHeldAgent } from "./testing/test-agent.test-support.ts";
import { openHouse, rowOf } from "./testing/test-house.test-support.ts";

const refusal = new PlatformError("the bot was removed", { platformCode: "404", platformMessage: "gone" });

describe("delivering an answer", () => {
  it("sends each part after the one before, each with its own key", async () => {
    const house = await openHouse();
    await house.channel.say("one\n\ntwo", { id: "m", conversationId: "room", kind: "group" });
    await house.until("settled");
    const turnId = String(rowOf(house.folder, "m")["turn_id"]);
    expect(house.channel.sent).toEqual([
      { target: { conversationId: "room", kind: "group", messageId: "m" }, text: "one", idempotencyKey: `${turnId}:0` },
      { target: { conversationId: "room", kind: "group", messageId: "m" }, text: "two", idempotencyKey: `${turnId}:1` },
    ]);
    await house.gateway.stop();
  });

  it.each([
    ["a passing failure", new TransientError("503"), 500],
    ["a rate limit with a hint", new RateLimitError("slow down", { retryAfterMs: 7_000 }), 7_000],
    ["refused credentials", new AuthError("401"), 300_000],
  ])("waits after %s, then sends the same part under the same key", async (_title, error, delayMs) => {
    const house = await openHouse();
    house.channel.failSends(undefined, error);
    await house.channel.say("one\n\ntwo\n\nthree", { id: "m" });
    await house.until("part-retried");
    await house.clock.advance(delayMs - 1);
    expect(house.posted()).toEqual(["one"]);
    await house.clock.advance(1);
    await house.until("settled");
    expect(house.posted()).toEqual(["one", "two", "three"]);
    const [, refused, repeated] = house.channel.tried;
    expect(repeated).toEqual(refused);
    await house.gateway.stop();
  });

  it("keeps the order of a conversation while a part backs off, and holds nobody else up", async () => {
    const house = await openHouse({ dispatch: { maxInFlight: 1 } });
    house.channel.failSends(new TransientError("503"));
    await house.channel.say("first");
    await house.until("part-retried");
    await house.channel.say("second");
    await house.channel.say("elsewhere", { conversationId: "c2" });
    await house.until("settled");
    expect(house.posted()).toEqual(["elsewhere"]);
    await house.clock.advance(500);
    await house.until("settled", 3);
    expect(house.posted()).toEqual(["elsewhere", "first", "second"]);
    await house.gateway.stop();
  });

  it.each([
    ["the platform says no", refusal],
    ["there is nowhere to answer", new NoReplyRouteError("No session webhook", { conversationId: "c1" })],
    ["nobody knows whether it arrived", new UnknownOutcomeError("the answer was lost")],
  ])("keeps a dead letter when %s, and goes on with the next message", async (_title, error) => {
    const house = await openHouse();
    house.channel.failSends(undefined, error);
    await house.channel.say("one\n\ntwo\n\nthree", { id: "m" });
    await house.channel.say("next");
    await house.until("settled");
    expect(house.posted()).toEqual(["one", "next"]);
    const row = rowOf(house.folder, "m");
    expect(row).toMatchObject({ state: "dead", reason: error.message, parts: '["one","two","three"]' });
    expect(house.logger.entries).toContainEqual({
      level: "error",
      fields: { channel: "test", conversation: "test:c1::", message_id: "m", turn_id: row["turn_id"], ref: row["turn_id"], error: error.message },
      message: "An answer could not be sent; it is kept as a dead letter",
    });
    await house.gateway.stop();
  });

  it("repeats a send of unknown outcome where the platform shows it once", async () => {
    const house = await openHouse({ channel: { capabilities: { idempotentSend: true } } });
    house.channel.failSends(new UnknownOutcomeError("the answer was lost"));
    await house.channel.say("m");
    await house.until("part-retried");
    await house.clock.advance(500);
    await house.until("settled");
    expect(house.posted()).toEqual(["m"]);
    await house.gateway.stop();
  });

  it("gives up when the answer has grown older than replay_max_age_secs", async () => {
    const house = await openHouse({ dispatch: { replayMaxAgeMs: 3_000 } });
    house.channel.failSends(...Array.from({ length: 9 }, () => new TransientError("503")));
    await house.channel.say("m");
    await house.until("part-retried");
    await house.clock.advance(10_000);
    await house.until("dead");
    expect(house.channel.tried).toHaveLength(3);
    expect(rowOf(house.folder, "m")).toMatchObject({ state: "dead", reason: "503" });
    await house.gateway.stop();
  });

  it("logs one line for a streak of failures", async () => {
    const house = await openHouse();
    house.channel.failSends(new TransientError("503"), new TransientError("503"), new TransientError("503"));
    await house.channel.say("m");
    await house.until("part-retried");
    await house.clock.advance(10_000);
    await house.until("settled");
    expect(house.logger.entries.map(({ level }) => level)).toEqual(["warn", "debug", "debug"]);
    await house.gateway.stop();
  });

  it("cuts an answer of more than ten parts (S-9)", async () => {
    const house = await openHouse();
    await house.channel.say(Array.from({ length: 12 }, (_, index) => `p${index}`).join("\n\n"));
    await house.until("settled");
    expect(house.posted()).toHaveLength(10);
    expect(house.posted().at(-1)).toBe("… (the answer was too long; the rest was cut)");
    await house.gateway.stop();
  });

  it("posts nothing before the agent has answered", async () => {
    const agent = createHeldAgent();
    const house = await openHouse({ agent });
    await house.channel.say("m");
    await house.until("agent-started");
    expect(house.channel.tried).toEqual([]);
    agent.answer("m", "answer");
    await house.until("settled");
    expect(house.posted()).toEqual(["answer"]);
    await house.gateway.stop();
  });
});
