import { cpSync } from "node:fs";
import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import type { Agent, TurnRequest } from "./agents/agent.ts";
import type { GatewayStep } from "./observer.ts";
import { createFolder, openHouse, rowOf, type TestHouse, type TestHouseOptions } from "./testing/test-house.test-support.ts";

const HOUR_MS = 3_600_000;

/** Copies the folder the moment `step` happens for the `count`th time: what kill -9 would leave on the disk. */
async function killAt(step: GatewayStep, count: number): Promise<{ readonly folder: string; readonly posted: readonly string[] }> {
  const source = createFolder();
  const folder = createFolder();
  const posted: string[] = [];
  let seen = 0;
  const house = await openHouse({
    folder: source,
    onStep(event) {
      if (event.step !== step) return;
      seen += 1;
      if (seen !== count) return;
      posted.push(...house.posted());
      cpSync(source, folder, { recursive: true });
    },
  });
  await house.channel.say("one\n\ntwo\n\nthree", { id: "m" });
  await house.until("settled");
  await house.gateway.stop();
  return { folder, posted };
}

describe("a gateway that was killed", () => {
  it.each<[GatewayStep, number, string[], string[]]>([
    ["received", 1, [], []],
    ["accepted", 1, [], ["one", "two", "three"]],
    ["agent-started", 1, [], ["one", "two", "three"]],
    ["replied", 1, [], ["one", "two", "three"]],
    ["part-sent", 1, ["one"], ["one", "two", "three"]],
    ["part-recorded", 1, ["one"], ["two", "three"]],
    ["part-sent", 2, ["one", "two"], ["two", "three"]],
    ["part-recorded", 3, ["one", "two", "three"], []],
    ["settled", 1, ["one", "two", "three"], []],
  ])("goes on where it was: %s, time %i", async (step, count, before, after) => {
    const { folder, posted } = await killAt(step, count);
    expect(posted).toEqual(before);
    const house = await openHouse({ folder });
    const isOnDisk = step !== "received";
    expect(await house.channel.say("one\n\ntwo\n\nthree", { id: "m" })).toBe(isOnDisk ? "duplicate" : "accepted");
    if (step !== "settled") await house.until("settled");
    expect(house.posted()).toEqual(isOnDisk ? after : ["one", "two", "three"]);
    expect(rowOf(folder, "m")).toMatchObject({ state: "done", message: null, parts: null });
    await house.gateway.stop();
  });

  it("sends a part of unknown fate again under the same idempotency key", async () => {
    const { folder } = await killAt("part-sent", 1);
    const turnId = rowOf(folder, "m")["turn_id"];
    const house = await openHouse({ folder });
    await house.until("settled");
    expect(house.channel.sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual([0, 1, 2].map((part) => `${String(turnId)}:${part}`));
    await house.gateway.stop();
  });

  it("keeps the order of a conversation, those that waited included", async () => {
    const folder = createFolder();
    await leaveRunning(folder, ["a", "b", "c"]);
    const house = await openHouse({ folder });
    await house.channel.say("d");
    await house.until("settled", 4);
    expect(house.posted()).toEqual(["a", "b", "c", "d"]);
    await house.gateway.stop();
  });
});

/** An agent that never answers. */
const hanging: Agent = {
  kind: "hanging",
  async *turn(_request, signal) {
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    yield { kind: "done" };
  },
};

/** Begins the first message's turn, lets the others wait, and stops before the agent has answered. */
async function leaveRunning(folder: string, messages: readonly string[], options: TestHouseOptions = {}): Promise<TestHouse> {
  const house = await openHouse({ folder, agent: hanging, ...options });
  for (const message of messages) await house.channel.say(message);
  await house.until("agent-started");
  await stopLate(house);
  return house;
}

/** Stops a gateway whose turns do not end by themselves. */
async function stopLate({ gateway, clock }: TestHouse): Promise<void> {
  const stopped = gateway.stop();
  await clock.advance(25_000);
  await stopped;
}

describe("a turn that was interrupted", () => {
  it("runs again with the same turn id and the next attempt", async () => {
    const folder = createFolder();
    await leaveRunning(folder, ["m"]);
    const requests: TurnRequest[] = [];
    const agent: Agent = {
      kind: "recording",
      async *turn(request) {
        requests.push(request);
        yield await Promise.resolve({ kind: "done" as const, text: "answer" });
      },
    };
    const turnId = rowOf(folder, "m")["turn_id"];
    const house = await openHouse({ folder, agent });
    await house.until("settled");
    expect(requests).toMatchObject([{ turnId, attempt: 2 }]);
    await house.gateway.stop();
  });

  it("is closed with one notice per conversation where the operator wants no retry", async () => {
    const folder = createFolder();
    await leaveRunning(folder, ["m"]);
    const house = await openHouse({ folder, dispatch: { interruptedTurns: "notify" } });
    await house.until("dead");
    expect(house.posted()).toEqual(["⚠️ I was interrupted before I could answer. Please send your last message again."]);
    expect(rowOf(folder, "m")).toMatchObject({ state: "dead", reason: "interrupted" });
    await house.gateway.stop();
  });

  it("is given up after more than three crashes", async () => {
    const folder = createFolder();
    await leaveRunning(folder, ["m"]);
    for (let crash = 2; crash <= 4; crash += 1) {
      const house = await openHouse({ folder, agent: hanging });
      await house.until("agent-started");
      await stopLate(house);
    }
    const house = await openHouse({ folder, agent: hanging });
    await house.until("dead");
    expect(rowOf(folder, "m")).toMatchObject({ state: "dead", attempt: 4, reason: "interrupted 4 times" });
    await house.gateway.stop();
  });
});

describe("what a restart finds", () => {
  it("answers what is younger than replay_max_age_secs and buries what is older", async () => {
    const folder = createFolder();
    const start = Date.UTC(2026, 0, 1);
    await leaveRunning(folder, ["running", "waiting"], { clock: createManualClock(start) });
    await leaveRunning(folder, ["younger"], { clock: createManualClock(start + HOUR_MS) });
    const house = await openHouse({ folder, clock: createManualClock(start + 24 * HOUR_MS + 1) });
    await house.until("settled");
    expect(house.posted()).toEqual(["younger"]);
    expect(rowOf(folder, "waiting")).toMatchObject({ state: "dead", reason: "older than replay_max_age_secs" });
    expect(house.logger.entries.filter(({ message }) => message === "A message is given up")).toHaveLength(2);
    await house.gateway.stop();
  });

  it("leaves the messages of a channel that is not configured now", async () => {
    const folder = createFolder();
    await leaveRunning(folder, ["m"]);
    const other = await openHouse({ folder, channel: { name: "other" } });
    expect(other.logger.entries).toContainEqual(expect.objectContaining({ level: "warn", fields: expect.objectContaining({ channel: "test", count: 1 }) as unknown }));
    await other.gateway.stop();
    const house = await openHouse({ folder });
    await house.until("settled");
    expect(house.posted()).toEqual(["m"]);
    await house.gateway.stop();
  });

  it("recognises a message that was answered before the restart, also 31 minutes later (GW-56)", async () => {
    const first = await openHouse();
    await first.channel.say("m");
    await first.until("settled");
    await first.gateway.stop();
    const house = await openHouse({ folder: first.folder, clock: createManualClock(first.clock.now() + 31 * 60_000) });
    expect(await house.channel.say("m")).toBe("duplicate");
    await house.gateway.stop();
  });
});
