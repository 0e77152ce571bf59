import { createContext, TransientError } from "@revka/core";
import { recordingLogger } from "@revka/core/testing";
import { describe, expect, it, vi } from "vitest";
import { createLarkChannel } from "./channel.ts";
import { createLeftovers } from "./leftovers.ts";
import { LIMITS } from "./limits.ts";
import { startRestPeer } from "./rest-peer.test-support.ts";

const going = (): AbortSignal => new AbortController().signal;

describe("createLeftovers", () => {
  it("keeps the newest of too many", async () => {
    const context = createContext("lark");
    const leftovers = createLeftovers(context, "things");
    for (let index = 0; index <= LIMITS.leftoverCount; index += 1) await leftovers.add(`item ${index}`);
    const kept = (await context.store.get("things")) as readonly string[];
    expect([kept.length, kept[0]]).toEqual([LIMITS.leftoverCount, "item 1"]);
  });

  it("keeps the list as it was last, whichever write is slow", async () => {
    const context = createContext("lark");
    const leftovers = createLeftovers(context, "things");
    await Promise.all([leftovers.add("a"), leftovers.add("b"), leftovers.drop("a"), leftovers.add("c")]);
    expect(await context.store.get("things")).toEqual(["b", "c"]);
  });

  it("makes nothing of a damaged list", async () => {
    const context = createContext("lark");
    await context.store.set("things", { not: "a list" });
    const seen: string[] = [];
    await createLeftovers(context, "things").recover((item) => Promise.resolve(void seen.push(item)), going());
    expect(seen).toEqual([]);
  });

  it("goes on where the list cannot be kept", async () => {
    const logger = recordingLogger();
    const failing = (): Promise<never> => Promise.reject(new TransientError("the disk is full"));
    const context = createContext("lark", { logger, store: { get: failing, set: failing, setIfAbsent: failing, delete: failing } });
    const leftovers = createLeftovers(context, "things");
    await leftovers.add("a");
    await leftovers.drop("a");
    await leftovers.recover(() => Promise.resolve(), going());
    expect(logger.entries.every(({ level }) => level === "debug")).toBe(true);
  });

  it("stops when it is aborted, and keeps the rest", async () => {
    const context = createContext("lark");
    await context.store.set("things", ["a", "b"]);
    const abort = new AbortController();
    await createLeftovers(context, "things").recover(() => {
      abort.abort();
      return Promise.resolve();
    }, abort.signal);
    expect(await context.store.get("things")).toEqual(["b"]);
  });
});

describe("createLarkChannel when it begins to listen", () => {
  it("puts away what a crash has left: signs of typing, and cards that grow", async () => {
    await using peer = await startRestPeer();
    await peer.context.store.set("typing", ["om_1/r-1"]);
    await peer.context.store.set("cards", ["card-9"]);
    const abort = new AbortController();
    const listening = createLarkChannel(peer.settings, peer.context).listen(() => Promise.resolve("accepted"), abort.signal);
    await vi.waitUntil(() => peer.made(/^(?:DELETE|PATCH)/).length === 2, { interval: 2, timeout: 4_000 });
    abort.abort();
    await listening;
    expect(peer.made(/^(?:DELETE|PATCH)/).map(({ route }) => route).sort()).toEqual(["DELETE im/v1/messages/om_1/reactions/r-1", "PATCH cardkit/v1/cards/card-9/settings"]);
  });
});
