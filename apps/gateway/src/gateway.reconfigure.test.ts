import { TransientError, type Channel } from "@revka/core";
import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import type { Settings } from "./config/settings.ts";
import { createHeldAgent } from "./testing/test-agent.test-support.ts";
import { createTestChannel, type TestChannel } from "./testing/test-channel.test-support.ts";
import { createFolder, createTestSettings, openHouse, type TestHouse } from "./testing/test-house.test-support.ts";

function change({ gateway }: TestHouse, leaving: readonly string[], ...channels: readonly Channel[]): Promise<void> {
  return gateway.reconfigure({ leaving, createChannels: () => Promise.resolve({ channels, warnings: [] }) });
}

const successorOf = ({ clock }: TestHouse, name = "test"): TestChannel => createTestChannel({ name, clock });
const namesOf = ({ gateway }: TestHouse): string[] => gateway.channels.map(({ name }) => name);

describe("reconfigure", () => {
  it("stops the old listener before the new one begins, and goes on with that", async () => {
    const house = await openHouse();
    const successor = successorOf(house);
    await change(house, ["test"], successor);
    expect({ old: house.channel.listens, successor: successor.listens }).toEqual({ old: 1, successor: 1 });
    await successor.say("m");
    await house.until("settled");
    expect(successor.sent).toMatchObject([{ text: "m" }]);
    expect(house.channel.sent).toEqual([]);
    await house.gateway.stop();
  });

  it("answers by the successor what the predecessor accepted, the turn that runs and those that wait", async () => {
    const agent = createHeldAgent();
    const house = await openHouse({ agent });
    await house.channel.say("running");
    await house.channel.say("waiting");
    await house.until("agent-started");
    const successor = successorOf(house);
    await change(house, ["test"], successor);
    for (const text of ["running", "waiting"]) agent.answer(text);
    await house.until("settled", 2);
    expect(successor.sent.map(({ text }) => text)).toEqual(["running", "waiting"]);
    await house.gateway.stop();
  });

  it("tries an answer again by the successor, e.g. one with the right credentials", async () => {
    const house = await openHouse();
    house.channel.failSends(new TransientError("down"), new RangeError("the predecessor is asked no more"));
    await house.channel.say("m");
    await house.until("part-retried");
    const successor = successorOf(house);
    await change(house, ["test"], successor);
    await house.clock.advance(60_000);
    await house.until("settled");
    expect(successor.sent).toMatchObject([{ text: "m" }]);
    await house.gateway.stop();
  });

  it("adds a channel, with what an earlier run left for it", async () => {
    const folder = createFolder();
    const agent = createHeldAgent();
    const first = await openHouse({ folder, agent, channel: { name: "late" } });
    await first.channel.say("m");
    await first.until("agent-started");
    const stopped = first.gateway.stop();
    await first.clock.advance(25_000);
    await stopped;

    const house = await openHouse({ folder });
    const late = successorOf(house, "late");
    await change(house, [], late);
    await house.until("settled");
    expect(late.sent).toMatchObject([{ text: "m" }]);
    expect(namesOf(house)).toEqual(["test", "late"]);
    await house.gateway.stop();
  });

  it("takes a channel away, answers what it had accepted, and lets it come back without answering twice", async () => {
    const agent = createHeldAgent();
    const house = await openHouse({ agent });
    await house.channel.say("m");
    await house.until("agent-started");
    await change(house, ["test"]);
    expect(namesOf(house)).toEqual([]);
    expect(house.gateway.snapshot().channels).toEqual([]);
    const successor = successorOf(house);
    await change(house, [], successor);
    agent.answer("m");
    await house.until("settled");
    expect([...house.channel.sent, ...successor.sent]).toHaveLength(1);
    await house.gateway.stop();
  });

  it("leaves the others alone", async () => {
    const house = await openHouse();
    const other = successorOf(house, "other");
    await change(house, [], other);
    await change(house, ["test"], successorOf(house));
    expect(other.listens).toBe(1);
    await house.gateway.stop();
  });

  it("changes nothing when a successor cannot be made", async () => {
    const house = await openHouse();
    await expect(house.gateway.reconfigure({ leaving: ["test"], createChannels: () => Promise.reject(new RangeError("no")) })).rejects.toThrow("no");
    await house.channel.say("m");
    await house.until("settled");
    expect(house.posted()).toEqual(["m"]);
    await house.gateway.stop();
  });

  it("does not wait for ever for a channel that does not stop listening", async () => {
    const clock = createManualClock();
    const house = await openHouse({ clock });
    const stubborn = { ...successorOf(house), listen: () => Promise.withResolvers<undefined>().promise };
    await change(house, ["test"], stubborn);
    const successor = successorOf(house);
    const changed = change(house, ["test"], successor);
    await clock.advance(5_000);
    await changed;
    expect(successor.listens).toBe(1);
    expect(house.logger.text()).toContain("A channel does not stop listening");
    const stopped = house.gateway.stop();
    await clock.advance(5_000);
    await stopped;
  });

  it("goes by other settings from the next message on, and leaves the channels alone", async () => {
    const agent = createHeldAgent();
    const house = await openHouse({ agent, dispatch: { queueCap: 1, maxInFlight: 1 } });
    const { dispatch, ...settings } = createTestSettings();
    const adopt = (over: Partial<Settings["dispatch"]>): Promise<void> =>
      house.gateway.reconfigure({ leaving: [], createChannels: () => Promise.resolve({ channels: [], warnings: [] }), settings: { ...settings, dispatch: { ...dispatch, ...over } } });
    const say = (text: string, conversationId = "c1"): Promise<string> => house.channel.say(text, { conversationId });
    for (const [text, fate] of [["first", "accepted"], ["second", "accepted"], ["one too many", "overflow"]] as const) expect(await say(text)).toBe(fate);
    await adopt({ queueCap: 2, maxInFlight: 2 });
    expect(await say("third")).toBe("accepted");
    expect(await say("elsewhere", "c2")).toBe("accepted");
    await house.until("agent-started", 2);
    await adopt({ senderLimitPerMinute: 1 });
    expect([await say("slow", "c3"), await say("too fast", "c3")]).toEqual(["accepted", "overflow"]);
    expect(house.channel.listens).toBe(1);
    for (const text of ["first", "second", "third", "elsewhere", "slow"]) agent.answer(text);
    await house.until("settled", 5);
    await house.gateway.stop();
  });

  it("says what the new settings ask of channels that cannot do it", async () => {
    const house = await openHouse();
    const settings = createTestSettings({ streamMode: "partial" });
    await house.gateway.reconfigure({ leaving: [], createChannels: () => Promise.resolve({ channels: [], warnings: [] }), settings });
    expect(house.logger.text()).toContain('stream_mode = "partial" has no effect on test');
    await house.gateway.stop();
  });

  it("is refused once the gateway stops", async () => {
    const house = await openHouse();
    await house.gateway.stop();
    await expect(change(house, ["test"])).rejects.toThrow(TypeError);
  });
});
