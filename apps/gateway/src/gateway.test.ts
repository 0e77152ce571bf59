import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import type { ChannelContext } from "@revka/core";
import { createGateway } from "./gateway.ts";
import { createHeldAgent, deafAgent } from "./testing/test-agent.test-support.ts";
import { createTestChannel } from "./testing/test-channel.test-support.ts";
import { createFolder, createTestSettings, openHouse, rowOf } from "./testing/test-house.test-support.ts";

describe("createGateway", () => {
  it("answers what it is told, step by step", async () => {
    const house = await openHouse();
    await expect(house.channel.say("m")).resolves.toBe("accepted");
    await house.until("settled");
    expect(house.posted()).toEqual(["m"]);
    expect(house.steps()).toEqual(["received m", "accepted m", "agent-started m", "replied m", "part-sent m", "part-recorded m", "settled m"]);
    await house.gateway.stop();
  });

  it("refuses a folder that another gateway works on, until that one has stopped", async () => {
    const { folder, gateway } = await openHouse();
    await expect(openHouse({ folder })).rejects.toThrow(`Another revka is already running on ${folder}`);
    await gateway.stop();
    const second = await openHouse({ folder });
    await second.gateway.stop();
  });

  it("frees the folder when the channels cannot be made", async () => {
    const folder = createFolder();
    const options = { folder, settings: createTestSettings(), logger: recordingLogger() };
    await expect(createGateway({ ...options, createChannels: () => Promise.reject(new RangeError("no channels")) })).rejects.toThrow("no channels");
    const { gateway } = await openHouse({ folder });
    await gateway.stop();
  });

  it("starts with an empty database when its own is damaged, and says that it is degraded", async () => {
    const folder = createFolder();
    writeFileSync(join(folder, "state.sqlite"), "this is no database".repeat(100));
    const house = await openHouse({ folder });
    expect(house.gateway.snapshot().isDegraded).toBe(true);
    await house.channel.say("m");
    await house.until("settled");
    await house.gateway.stop();
  });

  it("gives each channel a store, a logger and a proxy decision of its own", async () => {
    const clock = createManualClock();
    const logger = recordingLogger();
    const settings = createTestSettings();
    const contexts: ChannelContext[] = [];
    const secrets: string[] = [];
    const gateway = await createGateway({
      folder: createFolder(),
      settings: { ...settings, proxy: { ...settings.proxy, enabled: true, allProxy: new URL("http://proxy"), scope: "services", services: ["channel.a"] } },
      logger,
      clock,
      redactor: { add: (secret) => void secrets.push(secret), text: (text) => text },
      createChannels(contextOf) {
        contexts.push(contextOf("a"), contextOf("b"));
        return Promise.resolve({ channels: [createTestChannel({ clock })], warnings: ["a key is deprecated"] });
      },
    });
    const [a, b] = contexts;
    await a?.store.set("key", 1);
    await expect(b?.store.get("key")).resolves.toBeUndefined();
    expect([a?.proxyFor(new URL("http://x.example")), b?.proxyFor(new URL("http://x.example"))]).toEqual([new URL("http://proxy"), "direct"]);
    a?.addSecret("token");
    expect(secrets).toEqual(["token"]);
    a?.logger.info({ attempt: 1 }, "hello");
    expect(logger.entries).toEqual([
      { level: "warn", fields: { component: "config" }, message: "a key is deprecated" },
      { level: "info", fields: { component: "channel:a", channel: "a", attempt: 1 }, message: "hello" },
    ]);
    await gateway.stop();
  });

  it("tells how it stands", async () => {
    const agent = createHeldAgent();
    const house = await openHouse({ agent });
    for (const text of ["a", "b"]) await house.channel.say(text);
    await house.until("agent-started");
    expect(house.gateway.snapshot()).toMatchObject({ state: "running", isDegraded: false, unfinished: 2, thinking: 1, channels: [{ name: "test", status: { state: "idle" } }] });
    for (const text of ["a", "b"]) agent.answer(text);
    await house.until("settled", 2);
    await house.gateway.stop();
    expect(house.gateway.snapshot()).toMatchObject({ state: "stopped", unfinished: 0 });
  });

  it("keeps the other channels going when one fails", async () => {
    const clock = createManualClock();
    const [broken, sound] = [createTestChannel({ name: "broken", clock }), createTestChannel({ name: "sound", clock })];
    broken.listen = () => Promise.reject(new RangeError("no luck"));
    const logger = recordingLogger();
    const settled = Promise.withResolvers<undefined>();
    const gateway = await createGateway({
      folder: createFolder(),
      settings: createTestSettings(),
      logger,
      clock,
      createChannels: () => Promise.resolve({ channels: [broken, sound], warnings: [] }),
      observer: ({ step }) => step === "settled" && settled.resolve(undefined),
    });
    await gateway.start();
    await clock.advance(60_000);
    await sound.say("m");
    await settled.promise;
    expect(sound.sent.map(({ text }) => text)).toEqual(["m"]);
    expect(logger.entries[0]?.message).toBe("Channel broken error: no luck; restarting");
    await gateway.stop();
  });

  it("starts only once", async () => {
    const { gateway } = await openHouse();
    await expect(gateway.start()).rejects.toThrow(TypeError);
    await gateway.stop();
  });
});

describe("stopping a gateway", () => {
  it("waits for turns and their sends, and leaves what waits for the next start", async () => {
    const agent = createHeldAgent();
    const house = await openHouse({ agent });
    const gate = Promise.withResolvers<undefined>();
    house.channel.holdSends(gate.promise);
    for (const text of ["active", "waiting"]) await house.channel.say(text);
    await house.until("agent-started");
    const stopped = house.gateway.stop();
    agent.answer("active");
    await house.until("replied");
    expect(house.gateway.snapshot().state).toBe("draining");
    gate.resolve(undefined);
    await stopped;
    expect(house.posted()).toEqual(["active"]);
    expect(rowOf(house.folder, "active")["state"]).toBe("done");
    expect(rowOf(house.folder, "waiting")["state"]).toBe("accepted");
    expect(house.clock.pending).toBe(0);
  });

  it.each(["socket", "poll", "webhook"] as const)("takes nothing more, and lets those that are posted to say so until the end: %s", async (receive) => {
    const agent = createHeldAgent();
    const house = await openHouse({ agent, channel: { capabilities: { receive } } });
    const { channel } = house;
    await channel.say("active");
    await house.until("agent-started");
    const stopped = house.gateway.stop();
    await expect(channel.say("too late")).rejects.toThrow("The gateway is stopping");
    expect(channel.isListening).toBe(receive === "webhook");
    agent.answer("active");
    await stopped;
    expect(channel.isListening).toBe(false);
    expect(house.posted()).toEqual(["active"]);
  });

  it("leaves messages that wait for the agent as they were accepted", async () => {
    const agent = createHeldAgent();
    const house = await openHouse({ agent, dispatch: { maxInFlight: 1 } });
    for (const text of ["a", "b"]) await house.channel.say(text, { conversationId: text });
    await house.until("agent-started");
    const stopped = house.gateway.stop();
    agent.answer("a");
    await stopped;
    expect([rowOf(house.folder, "a")["state"], rowOf(house.folder, "b")["state"]]).toEqual(["done", "accepted"]);
  });

  it("gives up after the drain time-out, and leaves the rows to the next start", async () => {
    const house = await openHouse({ agent: deafAgent, dispatch: { drainTimeoutMs: 1_000 } });
    await house.channel.say("m");
    await house.until("agent-started");
    const stopped = house.gateway.stop();
    await house.clock.advance(1_000);
    await stopped;
    await expect(house.gateway.closed).resolves.toBeUndefined();
    expect(rowOf(house.folder, "m")["state"]).toBe("running");
    expect(house.clock.pending).toBe(0);
  });

  it("gives up a send that backs off, and leaves its answer to the next start", async () => {
    const house = await openHouse();
    house.channel.holdSends(new Promise(() => undefined));
    await house.channel.say("m");
    await house.until("replied");
    const stopped = house.gateway.stop();
    await house.clock.advance(25_000);
    await stopped;
    expect(rowOf(house.folder, "m")).toMatchObject({ state: "delivering", parts: '["m"]' });
    const next = await openHouse({ folder: house.folder, agent: deafAgent });
    await next.until("settled");
    expect(next.posted()).toEqual(["m"]);
    await next.gateway.stop();
  });

  it("starts and stops the agent with itself, also one that fails to stop", async () => {
    const calls: string[] = [];
    const agent = {
      ...createHeldAgent(),
      start: () => Promise.resolve(void calls.push("start")),
      stop: () => (calls.push("stop"), Promise.reject(new RangeError("stuck"))),
    };
    const house = await openHouse({ agent });
    await Promise.all([house.gateway.stop(), house.gateway.stop()]);
    expect(calls).toEqual(["start", "stop"]);
  });
});
