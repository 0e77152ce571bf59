import type { Draft } from "@revka/core";
import { describe, expect, it } from "vitest";
import { openLark, type LarkHouse } from "./lark-house.ts";

const TARGET = { conversationId: "ou_ann" } as const;
const CARDS = "/open-apis/cardkit/v1/cards/*";

/** A card that grows. */
async function openDraft({ open, during, lark }: LarkHouse, text = "one\n"): Promise<Draft> {
  const opening = open().openDraft?.(TARGET);
  if (opening === undefined) throw new TypeError("no drafts");
  const draft = await during(opening);
  await during(draft.update(text));
  await during(lark.awaitSent((sent) => sent.text.includes("one")));
  return draft;
}

describe("a card that grows", () => {
  it("shows once and ends whole, with its growing switched off", async () => {
    const house = await openLark();
    const draft = await openDraft(house);
    await house.during(draft.update("one\ntwo\n"));
    await house.during(draft.finish("one\ntwo\nthree"));
    expect(house.lark.sent).toMatchObject([{ text: "one\ntwo\nthree", isStreaming: false }]);
  });

  it.each([
    ["a number that did not increase", 300317],
    ["a user at the card", 200810],
    ["an element that is not found yet", 300313],
    ["growing that ended by itself", 300309],
    ["the same in another code", 200850],
    ["a card that is too big", 200860],
    ["too many elements", 300305],
    ["a card that is no more", 200740],
  ])("ends whole in spite of %s (%i), and shows nothing twice", async (_title, code) => {
    const house = await openLark();
    const draft = await openDraft(house);
    house.lark.refuse(code, 1, { path: CARDS });
    await house.during(draft.update("one\ntwo\n"));
    await house.during(draft.finish("one\ntwo\nthree"));
    const shown = house.lark.sent.filter(({ isRecalled }) => !isRecalled).map(({ text, isStreaming }) => [text, isStreaming]);
    expect(shown).toEqual([["one\ntwo\nthree", false]]);
  });

  it.each([300309, 200850] as const)("grows on when the platform ends that after ten minutes (%i)", async (streamTimeoutCode) => {
    const house = await openLark();
    house.lark.behave({ streamTimeoutCode });
    const draft = await openDraft(house);
    await house.pass(11 * 60_000);
    await house.during(draft.update("one\ntwo\n"));
    await house.during(draft.finish("one\ntwo\nthree"));
    expect(house.lark.sent).toMatchObject([{ text: "one\ntwo\nthree", isStreaming: false }]);
  });

  it("goes on in a second card beyond the platform's size", async () => {
    const house = await openLark();
    const draft = await openDraft(house);
    const text = `one\n${"一行文字\n".repeat(3_000)}end`;
    await house.during(draft.update(text.slice(0, 15_000)));
    await house.during(draft.finish(text));
    expect(house.lark.sent.map(({ text: shown }) => shown.replace(/\n$/, "")).join("\n")).toBe(text);
    expect(house.lark.sent.every(({ isStreaming }) => !isStreaming)).toBe(true);
  });

  it("is sent as an ordinary one where the platform makes none", async () => {
    const house = await openLark();
    house.lark.refuse(99991672, 100, { path: "/open-apis/cardkit/v1/cards" });
    const opening = house.open().openDraft?.(TARGET);
    const draft = await house.during(opening ?? Promise.reject(new TypeError("no drafts")));
    await house.during(draft.update("one\n"));
    await house.during(draft.finish("one\ntwo"));
    expect(house.lark.sent).toMatchObject([{ text: "one\ntwo", isStreaming: false }]);
  });

  it("does not grow for ever after a crash: the next start ends it", async () => {
    const house = await openLark();
    await openDraft(house);
    expect(house.lark.sent).toMatchObject([{ isStreaming: true }]);
    await house.listening();
    await house.during(house.lark.awaitSent(({ isStreaming }) => !isStreaming));
    expect(house.lark.sent).toMatchObject([{ isStreaming: false }]);
  });
});

describe("the sign of typing", () => {
  interface Question {
    readonly target: { readonly conversationId: string; readonly messageId: string };
    /** Whether each call about reactions took one away. */
    readonly reactions: () => readonly boolean[];
  }
  function question(house: LarkHouse): Question {
    const messageId = house.lark.say("ou_ann", "hello");
    return {
      target: { conversationId: "ou_ann", messageId },
      reactions: () => house.lark.reactions.filter((reaction) => reaction.messageId === messageId).map(({ isRemoved }) => isRemoved),
    };
  }

  it("is one call there and one away, however long it stays (LARK-45)", async () => {
    const house = await openLark();
    const { channel, next } = await house.listening();
    const { target, reactions } = question(house);
    await next();
    const sign = channel.startTyping?.(target);
    await house.pass(10 * 60_000);
    await sign?.[Symbol.asyncDispose]();
    expect(reactions()).toEqual([false, true]);
    expect(house.calls(`/open-apis/im/v1/messages/${target.messageId}/reactions*`)).toHaveLength(2);
  });

  it("is taken away by the next start after a crash (LARK-45)", async () => {
    const house = await openLark();
    const first = await house.listening();
    const { target, reactions } = question(house);
    await first.next();
    first.channel.startTyping?.(target);
    await house.during(house.lark.nextReaction());
    await house.pass(1_000);
    await first.stop();
    await house.listening();
    await house.during(house.lark.nextReaction());
    expect(reactions()).toEqual([false, true]);
  });

  it.each([231003, 230110])("does not mind that its question is gone (%i)", async (code) => {
    const house = await openLark();
    const { channel, next } = await house.listening();
    const { target } = question(house);
    await next();
    house.lark.refuse(code, 100, { path: "/open-apis/im/v1/messages/*" });
    const sign = channel.startTyping?.(target);
    await house.pass(1_000);
    await sign?.[Symbol.asyncDispose]();
    expect(house.logged("warn")).toEqual([]);
  });
});
