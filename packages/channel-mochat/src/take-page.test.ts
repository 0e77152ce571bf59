import { createMemoryStore, TransientError, type InboundMessage } from "@revka/core";
import { describe, expect, it } from "vitest";
import { listenTo, message, page, pagingBridge, script, type Bridge } from "./listening.test-support.ts";
import type { MochatMessage } from "./wire.ts";

const ONLY_U1 = { config: { allowedUsers: ["u-1"] } };

describe("taking pages", () => {
  it("moves the cursor past every message seen, row by row of the cursor vector (MOCHAT-50)", async () => {
    const listening = await listenTo(
      script(
        page([message("1", "u-1", "a"), message("2", "u-2", "b"), message("3", "u-1", "")]),
        page([message("4", "u-2", "c")]),
        page([message("4", "u-2", "c"), message("5", "u-1", "d")]),
        page([message("8"), message("7"), message("6")]),
      ),
      ONLY_U1,
    );
    await listening.clock.advance(25_000);
    expect(listening.polls.map(({ since }) => since)).toEqual([undefined, "3", "4", "5", "8", "8"]);
    expect(listening.ids()).toEqual(["1", "5", "6", "7", "8"]);
    await listening.stop();
  });

  it("gets past a whole page of denied messages (MOCHAT-50)", async () => {
    const strangers = Array.from({ length: 100 }, (_, index) => message(`m-${index}`, "u-2"));
    const listening = await listenTo(pagingBridge([...strangers, message("m-last")], 100), ONLY_U1);
    await listening.clock.advance(5_000);
    expect(listening.ids()).toEqual(["m-last"]);
    await listening.stop();
  });

  it("says at debug whom it ignored (MOCHAT-36)", async () => {
    const listening = await listenTo(script(page([message("1", "u-2")])), ONLY_U1);
    expect(listening.logger.entries).toContainEqual(expect.objectContaining({ level: "debug", message: "Mochat: ignoring message from unauthorized user: u-2" }));
    expect(listening.accepted).toEqual([]);
    await listening.stop();
  });

  it("names the kind of a message without text, but no content", async () => {
    const listening = await listenTo(script(page([{ ...message("1", "u-1", ""), msgType: "image" }])));
    expect(listening.logger.entries).toContainEqual({ level: "debug", fields: { channel: "mochat", messageId: "1", msgType: "image" }, message: "Mochat: ignoring message without text" });
    await listening.stop();
  });

  it("does not replay what was denied once the user is allowed (MOCHAT-50)", async () => {
    const store = createMemoryStore();
    const bridge: Bridge = () => page([message("1", "u-2")]);
    await (await listenTo(bridge, { ...ONLY_U1, store })).stop();
    const listening = await listenTo(bridge, { store });
    expect(listening.accepted).toEqual([]);
    await listening.stop();
  });

  it("delivers a duplicate once: in a page, across polls and across a restart (MOCHAT-20, MOCHAT-60)", async () => {
    const store = createMemoryStore();
    const bridge: Bridge = () => page([message("1"), message("1"), message("2")]);
    const first = await listenTo(bridge, { store });
    await first.clock.advance(10_000);
    expect(first.ids()).toEqual(["1", "2"]);
    await first.stop();
    const second = await listenTo(bridge, { store });
    expect(second.polls[0]?.since).toBe("2");
    expect(second.accepted).toEqual([]);
    await second.stop();
  });

  it("does not poll in a hot loop when the bridge ignores since_id (MOCHAT-61)", async () => {
    const full = Array.from({ length: 100 }, (_, index) => message(`m-${index}`));
    const listening = await listenTo(() => page(full, { hasMore: true }));
    await listening.clock.advance(4_999);
    expect(listening.polls).toHaveLength(2);
    expect(listening.accepted).toHaveLength(100);
    await listening.stop();
  });

  it("delivers oldest first what the bridge gives newest first", async () => {
    const at = (id: string, sentAt: number): MochatMessage => ({ ...message(id), sentAt });
    const listening = await listenTo(script(page([at("c", 3), at("b", 2), at("a", 1)])));
    await listening.clock.advance(5_000);
    expect(listening.ids()).toEqual(["a", "b", "c"]);
    expect(listening.polls[1]?.since).toBe("c");
    await listening.stop();
  });

  it("delivers messages without an id once, each with an id of its own, and warns once", async () => {
    const hello = message(undefined, "u-1", "hello");
    const listening = await listenTo(script(page([hello]), page([hello]), page([hello, hello]), page([hello, hello])));
    await listening.clock.advance(15_000);
    expect(listening.texts()).toEqual(["hello", "hello"]);
    expect(new Set(listening.ids()).size).toBe(2);
    expect(listening.polls.every(({ since }) => since === undefined)).toBe(true);
    expect(listening.logger.entries.filter(({ level }) => level === "warn")).toHaveLength(1);
    await listening.stop();
  });

  it("only marks the first page of the very first start where the backlog is to be skipped", async () => {
    const store = createMemoryStore();
    const config = { skipBacklog: true };
    const first = await listenTo(script(page([message("1"), message("2")]), page([message("3")])), { config, store });
    await first.clock.advance(5_000);
    expect(first.ids()).toEqual(["3"]);
    await first.stop();
    const second = await listenTo(script(page([message("4")])), { config, store });
    expect(second.ids()).toEqual(["4"]);
    await second.stop();
  });

  it("warns once of a page with elements that are no messages", async () => {
    const listening = await listenTo(script(page([message("1")], { skippedCount: 3 })));
    expect(listening.logger.entries).toContainEqual({ level: "warn", fields: { channel: "mochat", count: 3 }, message: "Mochat: skipped what is no message in an answer" });
    await listening.stop();
  });

  it("ignores the users it is told to, and moves on", async () => {
    const listening = await listenTo(script(page([message("1", "bot"), message("2")])), { config: { ignoreUsers: ["bot"] } });
    expect(listening.ids()).toEqual(["2"]);
    await listening.stop();
  });
});

describe("handing over", () => {
  it("offers a whole page before it waits, so that the consumer can write it at once", async () => {
    const offered: string[] = [];
    const listening = await listenTo(script(page([message("1"), message("2"), message("3")])), {
      onAccept: ({ id }) => {
        offered.push(id);
        return new Promise(() => undefined);
      },
    });
    expect(offered).toEqual(["1", "2", "3"]);
    await listening.stop();
  });

  it("does not poll while the consumer is full, and loses nothing (MOCHAT-62)", async () => {
    const room = Promise.withResolvers<"accepted">();
    const listening = await listenTo(script(page([message("1"), message("2")]), page([message("3")])), { onAccept: () => room.promise });
    await listening.clock.advance(600_000);
    expect(listening.polls).toHaveLength(1);
    room.resolve("accepted");
    await listening.clock.advance(5_000);
    expect(listening.ids()).toEqual(["1", "2", "3"]);
    expect(listening.polls[1]?.since).toBe("2");
    await listening.stop();
  });

  it("marks nothing that was not taken when it is stopped: it comes again (MOCHAT-62, MOCHAT-40)", async () => {
    const store = createMemoryStore();
    const bridge = (): Bridge => pagingBridge([message("1"), message("2"), message("3")], 100);
    const first = await listenTo(bridge(), { store, onAccept: ({ id }) => (id === "2" ? new Promise(() => undefined) : Promise.resolve("accepted")) });
    await first.stop();
    expect(first.logger.entries.filter(({ level }) => level === "warn").map(({ message: text }) => text)).toEqual(["Mochat: message channel closed"]);
    const second = await listenTo(bridge(), { store });
    expect(second.polls[0]?.since).toBe("1");
    expect(second.ids()).toEqual(["2", "3"]);
    await second.stop();
  });

  it("goes on after a message whose handler throws every time (MOCHAT-63)", async () => {
    const listening = await listenTo(script(page([message("1"), message("poison"), message("3")]), page([message("4")])), {
      onAccept: async ({ id }: InboundMessage) => {
        if (id === "poison") throw new TypeError("cannot");
        return Promise.resolve("accepted");
      },
    });
    await listening.clock.advance(10_000);
    expect(listening.ids()).toEqual(["1", "3", "4"]);
    expect(listening.polls[1]?.since).toBe("3");
    expect(listening.logger.entries.filter(({ level }) => level === "error")).toHaveLength(1);
    await listening.stop();
  });

  it("keeps a message that the consumer cannot store for now until it can (MOCHAT-62)", async () => {
    let isDiskFull = true;
    const listening = await listenTo(script(page([message("1")]), page([message("2")])), {
      onAccept: async () => {
        if (isDiskFull) throw new TransientError("disk full");
        return Promise.resolve("accepted");
      },
    });
    await listening.clock.advance(600_000);
    expect([listening.accepted.length, listening.polls.length]).toEqual([0, 1]);
    isDiskFull = false;
    await listening.clock.advance(65_000);
    expect(listening.ids()).toEqual(["1", "2"]);
    await listening.stop();
  });

  it.each(["duplicate", "overflow"] as const)("counts a message as seen that the consumer answers with %s", async (result) => {
    const listening = await listenTo(script(page([message("1")])), { onAccept: () => Promise.resolve(result) });
    await listening.clock.advance(5_000);
    expect(listening.polls[1]?.since).toBe("1");
    await listening.stop();
  });
});
