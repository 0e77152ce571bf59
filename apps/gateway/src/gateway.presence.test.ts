import { PlatformError, type Channel, type Draft } from "@revka/core";
import { describe, expect, it } from "vitest";
import { createHeldAgent, createScriptedAgent, deafAgent } from "./testing/test-agent.test-support.ts";
import { openHouse, rowOf, type TestHouse, type TestHouseOptions } from "./testing/test-house.test-support.ts";

const PARTIAL = { dispatch: { streamMode: "partial" } } as const;
const now = (): Promise<void> => Promise.resolve();

/** A channel's ways to be there, noting what is done. */
function presenceMethods(log: string[], finish: () => Promise<void> = now): Pick<Required<Channel>, "startTyping" | "openDraft"> {
  const draft: Draft = {
    update: (text) => Promise.resolve(void log.push(`update ${text}`)),
    async finish(text) {
      log.push(`finish ${text}`);
      await finish();
      return { messageIds: ["draft"] };
    },
    cancel: () => Promise.resolve(void log.push("cancel")),
  };
  return {
    startTyping({ messageId }) {
      log.push(`typing for ${messageId ?? ""}`);
      return { [Symbol.asyncDispose]: () => Promise.resolve(void log.push("typed")) };
    },
    openDraft: () => Promise.resolve(draft),
  };
}

async function open(options: TestHouseOptions = {}, finish?: () => Promise<void>): Promise<{ house: TestHouse; log: string[] }> {
  const log: string[] = [];
  const house = await openHouse({ channel: { methods: presenceMethods(log, finish) }, ...options });
  return { house, log };
}

describe("typing", () => {
  it("is shown while the agent works, and over when the answer goes out (GW-60a)", async () => {
    const agent = createHeldAgent();
    const { house, log } = await open({ agent });
    await house.channel.say("m");
    await house.until("agent-started");
    expect(log).toEqual(["typing for m"]);
    agent.answer("m");
    await house.until("settled");
    await house.gateway.stop();
    expect(log).toEqual(["typing for m", "typed"]);
  });

  it.each([
    ["fails", createScriptedAgent([new RangeError("boom")], now), 0],
    ["says nothing", createScriptedAgent([], now), 0],
    ["hangs", deafAgent, 300_000],
  ])("is over when the agent %s", async (_title, agent, waitMs) => {
    const { house, log } = await open({ agent });
    await house.channel.say("m");
    await house.until("agent-started");
    await house.clock.advance(waitMs);
    expect(log).toEqual(["typing for m", "typed"]);
    await house.gateway.stop();
  });

  it("is over when the gateway stops", async () => {
    const { house, log } = await open({ agent: deafAgent });
    await house.channel.say("m");
    await house.until("agent-started");
    const stopped = house.gateway.stop();
    await house.clock.advance(25_000);
    await stopped;
    expect(log).toEqual(["typing for m", "typed"]);
  });
});

describe("a growing answer", () => {
  const words = createScriptedAgent([{ kind: "delta", text: "one" }, 10, { kind: "delta", text: " two\n\nthree" }, 5_000, { kind: "done" }], () => new Promise(setImmediate));

  it("is shown instead of typing, and becomes the first message; the stored answer is the truth", async () => {
    const stored: unknown[] = [];
    const { house, log } = await open({ ...PARTIAL, agent: words }, () => Promise.resolve(void stored.push(rowOf(house.folder, "m")["parts"])));
    await house.channel.say("m");
    await house.until("settled");
    await house.gateway.stop();
    expect(log).toEqual(["update one", "finish one two"]);
    expect(house.posted()).toEqual(["three"]);
    expect(stored).toEqual(['["one two","three"]']);
    expect(house.steps().filter((step) => step === "part-recorded m")).toHaveLength(2);
  });

  it("is sent as a whole when it cannot be finished", async () => {
    const { house, log } = await open({ ...PARTIAL, agent: words }, () => Promise.reject(new PlatformError("no", { platformCode: "1", platformMessage: "no" })));
    await house.channel.say("m");
    await house.until("settled");
    await house.gateway.stop();
    expect(log.slice(-2)).toEqual(["finish one two", "cancel"]);
    expect(house.posted()).toEqual(["one two", "three"]);
  });

  it("is taken away before people are told that the agent failed", async () => {
    const { house, log } = await open({ ...PARTIAL, agent: createScriptedAgent([{ kind: "delta", text: "one" }, 0, new RangeError("boom")], () => new Promise(setImmediate)) });
    house.channel.failSends();
    await house.channel.say("m");
    await house.until("dead");
    await house.gateway.stop();
    expect(log).toEqual(["update one", "cancel"]);
    expect(house.posted()).toEqual([expect.stringContaining("Something went wrong")]);
  });

  it("shows no markers, and its files come after it", async () => {
    const agent = createScriptedAgent([{ kind: "delta", text: "a [IMAGE:data:;base64,AAAA" }, 0, { kind: "delta", text: "] b" }, { kind: "done" }], () => new Promise(setImmediate), true);
    const { house, log } = await open({ ...PARTIAL, agent });
    await house.channel.say("m");
    await house.until("settled");
    await house.gateway.stop();
    expect(log).toEqual(["update a ", "finish a"]);
    expect(house.posted()).toEqual(["(attachment not sent: image)", " b"]);
  });

  it("is asked for by one channel's section as well", async () => {
    const { house, log } = await open({ settings: { channels: { test: { streamMode: "partial" } } }, agent: words });
    await house.channel.say("m");
    await house.until("settled");
    await house.gateway.stop();
    expect(log[0]).toBe("update one");
  });

  it("is warned of, and off, on a channel that cannot show one", async () => {
    const house = await openHouse(PARTIAL);
    expect(house.logger.entries).toMatchObject([{ level: "warn", message: 'stream_mode = "partial" has no effect on test, which cannot show an answer while it grows: it is off there' }]);
    await house.channel.say("m");
    await house.until("settled");
    expect(house.posted()).toEqual(["m"]);
    await house.gateway.stop();
  });
});

describe("the reaction to a message", () => {
  async function openReacting(settings: TestHouseOptions["settings"] = {}) {
    const reacted: string[] = [];
    const react: NonNullable<Channel["react"]> = ({ messageId }, { kind, locale }) => Promise.resolve(void reacted.push(`${messageId} ${kind} ${locale ?? ""}`));
    const house = await openHouse({ agent: createHeldAgent(), dispatch: { queueCap: 1 }, settings, channel: { methods: { react } } });
    return { house, reacted };
  }

  it("is made once the message is accepted, and to no copy and none that was refused (GW-60)", async () => {
    const { house, reacted } = await openReacting();
    for (const text of ["a", "a", "b", "c"]) await house.channel.say(text, { locale: "ja" });
    expect(reacted).toEqual(["a ack ja", "b ack ja"]);
    const stopped = house.gateway.stop();
    await house.clock.advance(25_000);
    await stopped;
  });

  it("is switched off by one channel's section", async () => {
    const { house, reacted } = await openReacting({ channels: { test: { ackReactions: false } } });
    await house.channel.say("a");
    expect(reacted).toEqual([]);
    const stopped = house.gateway.stop();
    await house.clock.advance(25_000);
    await stopped;
  });
});
