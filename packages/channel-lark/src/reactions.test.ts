import type { InboundMessage } from "@revka/core";
import { describe, expect, it } from "vitest";
import { LIMITS } from "./limits.ts";
import { ACK_EMOJI, createReact } from "./reactions.ts";
import { startRestPeer, type RestPeer, type TestAnswer } from "./rest-peer.test-support.ts";
import { createTyping } from "./typing.ts";

const REF = { conversationId: "oc_1", messageId: "om_1" };
const ACK = { kind: "ack" } as const;
const TARGET = { conversationId: "oc_1", messageId: "om_1" };
const REACTIONS = /reactions/;

const routes = (peer: RestPeer): readonly string[] => peer.calls.map(({ route }) => route.replace("im/v1/messages/", ""));
const emoji = (peer: RestPeer): unknown => peer.calls.map(({ json }) => (json["reaction_type"] as { emoji_type: string }).emoji_type);

describe("createReact", () => {
  it.each(Object.entries(ACK_EMOJI))("picks an emoji of the set for %s (LARK-44)", async (locale, set) => {
    await using peer = await startRestPeer();
    for (const [index] of set.entries()) await createReact({ ...peer, context: { ...peer.context, random: () => index / set.length } })(REF, { ...ACK, locale });
    expect(emoji(peer)).toEqual(set);
    expect(routes(peer)[0]).toBe("POST om_1/reactions");
  });

  it("has a set of its own for each language (LARK-44)", () => {
    const sets = Object.values(ACK_EMOJI).map((set) => set.join());
    expect(new Set(sets).size).toBe(4);
  });

  it.each([["zh-Hant-HK", "zh-TW"], ["de", "en"], [undefined, "en"]] as const)("takes the set nearest to %s", async (locale, nearest) => {
    await using peer = await startRestPeer();
    const react = createReact({ ...peer, context: { ...peer.context, random: () => 0.6 } });
    await react(REF, locale === undefined ? ACK : { ...ACK, locale });
    expect(ACK_EMOJI[nearest]).toContain((emoji(peer) as string[])[0]);
  });

  it.each([["done", "DONE"], ["failed", "CrossMark"]] as const)("marks what is %s", async (kind, expected) => {
    await using peer = await startRestPeer();
    await createReact(peer)(REF, { kind });
    expect(emoji(peer)).toEqual([expected]);
  });

  it.each([231002, 231003, 231007, 231015, 231019, 230110])("is quiet where a message takes none (%i)", async (code) => {
    await using peer = await startRestPeer();
    peer.answer(REACTIONS, { code });
    await createReact(peer)(REF, ACK);
  });

  it.each([231001, 99991672])("says what is wrong with the app (%i)", async (code) => {
    await using peer = await startRestPeer();
    peer.answer(REACTIONS, { code });
    await expect(createReact(peer)(REF, ACK)).rejects.toMatchObject({ platformCode: String(code) });
  });

  it.each<[string, TestAnswer, number]>([
    ["the platform asks to slow down", { status: 429, code: 99991400, headers: { "x-ogw-ratelimit-reset": "30" } }, 30_000],
    ["the month's calls are used up", { code: 99991403 }, LIMITS.reactionRestMs],
  ])("makes no calls for a while after %s", async (_title, answer, restMs) => {
    await using peer = await startRestPeer();
    const react = createReact(peer);
    peer.answer(REACTIONS, answer);
    await react(REF, ACK);
    await peer.clock.advance(restMs - 1);
    await react(REF, ACK);
    expect(peer.calls).toHaveLength(1);
    await peer.clock.advance(1);
    await react(REF, ACK);
    expect(peer.calls).toHaveLength(2);
  });
});

describe("createTyping", () => {
  /** A question that was asked `ageMs` ago has come in. */
  async function ask(peer: RestPeer, typing: ReturnType<typeof createTyping>, ageMs = 0): Promise<void> {
    const message: InboundMessage = {
      id: "om_1", channel: "lark", conversation: { id: "oc_1", kind: "direct" }, sender: { id: "ou_1" }, parts: [], mentionsBot: true, sentAt: peer.clock.now() - ageMs, receivedAt: peer.clock.now(),
    };
    await typing.noting(() => Promise.resolve("accepted"))(message);
  }

  it("puts one sign there and takes it away, however long it stays (LARK-45)", async () => {
    await using peer = await startRestPeer();
    const typing = createTyping(peer);
    await ask(peer, typing);
    const sign = typing.startTyping(TARGET);
    await peer.clock.advance(600_000);
    await sign[Symbol.asyncDispose]();
    await sign[Symbol.asyncDispose]();
    expect(routes(peer)).toEqual(["POST om_1/reactions", "DELETE om_1/reactions/r-1"]);
    expect(peer.calls[0]?.json).toEqual({ reaction_type: { emoji_type: "Typing" } });
  });

  it.each<[string, number | undefined, object]>([
    ["two minutes old", LIMITS.typingMaxAgeMs + 1, TARGET],
    ["from before a restart", undefined, TARGET],
    ["that nobody asked", 0, { conversationId: "oc_1" }],
  ])("puts none to a question %s (LARK-45)", async (_title, ageMs, target) => {
    await using peer = await startRestPeer();
    const typing = createTyping(peer);
    if (ageMs !== undefined) await ask(peer, typing, ageMs);
    await typing.startTyping({ conversationId: "oc_1", ...target })[Symbol.asyncDispose]();
    expect(peer.calls).toEqual([]);
  });

  it.each<[string, TestAnswer]>([
    ["the question is gone", { code: 231003 }],
    ["the platform fails", { status: 500 }],
    ["the platform asks to slow down", { code: 99991400 }],
  ])("never fails, and takes nothing away, when %s", async (_title, answer) => {
    await using peer = await startRestPeer();
    const typing = createTyping(peer);
    await ask(peer, typing);
    peer.answer(REACTIONS, answer);
    await typing.startTyping(TARGET)[Symbol.asyncDispose]();
    expect(routes(peer)).toEqual(["POST om_1/reactions"]);
  });

  it("takes away after a crash what was left, once", async () => {
    await using peer = await startRestPeer();
    const crashed = createTyping(peer);
    await ask(peer, crashed);
    crashed.startTyping(TARGET);
    await peer.clock.advance(0);
    while ((await peer.context.store.get("typing")) === undefined) await peer.clock.advance(0);
    const typing = createTyping({ ...peer, context: peer.restarted() });
    await typing.recover(new AbortController().signal);
    await typing.recover(new AbortController().signal);
    expect(routes(peer)).toEqual(["POST om_1/reactions", "DELETE om_1/reactions/r-1"]);
    expect(await peer.context.store.get("typing")).toBeUndefined();
  });

  it("leaves the signs of its own process alone when it listens again", async () => {
    await using peer = await startRestPeer();
    const typing = createTyping(peer);
    await typing.recover(new AbortController().signal);
    await ask(peer, typing);
    const sign = typing.startTyping(TARGET);
    while ((await peer.context.store.get("typing")) === undefined) await peer.clock.advance(0);
    await typing.recover(new AbortController().signal);
    expect(peer.calls).toHaveLength(1);
    await sign[Symbol.asyncDispose]();
  });

  it("tries again at the next start what failed for now, and nothing that the platform refuses", async () => {
    await using peer = await startRestPeer();
    await peer.context.store.set("typing", ["om_1/r-1", "om_2/r-2"]);
    peer.answer(/om_1/, { status: 502 });
    peer.answer(/om_2/, { code: 231007 });
    await createTyping(peer).recover(new AbortController().signal);
    expect(await peer.context.store.get("typing")).toEqual(["om_1/r-1"]);
  });
});
