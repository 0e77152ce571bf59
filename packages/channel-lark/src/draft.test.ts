import type { Draft, SendReceipt } from "@revka/core";
import { describe, expect, it } from "vitest";
import { createDrafts } from "./draft.ts";
import { LIMITS } from "./limits.ts";
import { markdownOf, startRestPeer, type RestPeer, type SeenCall, type TestAnswer } from "./rest-peer.test-support.ts";
import { createSender } from "./sender.ts";

const TARGET = { conversationId: "oc_1", kind: "direct", messageId: "om_q" } as const;
const GROW = /\/elements\//;
const SETTINGS = /\/settings$/;
const POSTED = /\/reply$/;

interface Subject extends RestPeer {
  readonly draft: Draft;
  /** Updates, with as much time between as it takes. */
  update(text: string): Promise<void>;
}
async function openDraft(): Promise<Subject> {
  const peer = await startRestPeer();
  const draft = await createDrafts({ ...peer, send: createSender(peer) }).openDraft(TARGET);
  return { ...peer, draft, update: (text) => peer.hurry(draft.update(text)) };
}
const routes = (peer: RestPeer): readonly string[] => peer.calls.map(({ route }) => route.replace("cardkit/v1/cards", "cards").replace("im/v1/messages", "messages"));
const contents = (peer: RestPeer): readonly unknown[] => peer.made(GROW).map(({ json }) => json["content"]);
const sequences = (peer: RestPeer): readonly number[] => peer.calls.flatMap(({ json }) => (typeof json["sequence"] === "number" ? [json["sequence"]] : []));
const settingsOf = (call: SeenCall | undefined): unknown => JSON.parse(String(call?.json["settings"]));

describe("createDrafts", () => {
  it("opens a card with the first words, grows it, and ends with the whole text", async () => {
    await using subject = await openDraft();
    const { draft } = subject;
    expect(subject.calls).toEqual([]);
    await subject.update("# One");
    await subject.update("# One two");
    await expect(draft.finish("# One two **three**")).resolves.toEqual({ messageIds: ["om_out2"], route: "reply" });
    expect(routes(subject)).toEqual([
      "POST cards", "POST messages/om_q/reply", "PUT cards/card-1/elements/md_1/content", "PUT cards/card-1/elements/md_1/content", "PATCH cards/card-1/settings",
    ]);
    expect(JSON.parse(String(subject.calls[0]?.json["data"]))).toMatchObject({ schema: "2.0", config: { streaming_mode: true, summary: { content: "" } }, body: { elements: [{ content: "# One" }] } });
    expect(JSON.parse(String(subject.calls[1]?.json["content"]))).toEqual({ type: "card", data: { card_id: "card-1" } });
    expect(contents(subject)).toEqual(["# One two", "# One two **three**"]);
    expect(sequences(subject)).toEqual([1, 2, 3]);
    expect(settingsOf(subject.calls.at(-1))).toEqual({ config: { streaming_mode: false, summary: { content: "One two three" } } });
  });

  it("shows the newest text four times a second at the most", async () => {
    await using subject = await openDraft();
    await subject.draft.update("a");
    const updates = ["ab", "abc", "abcd"].map((text) => subject.draft.update(text));
    await subject.clock.untilPending(1);
    expect(contents(subject)).toEqual([]);
    await subject.clock.advance(LIMITS.draftIntervalMs);
    await Promise.all(updates);
    expect(contents(subject)).toEqual(["abcd"]);
  });

  it("goes on in a second card where the text is too long for one", async () => {
    await using subject = await openDraft();
    const text = "一行文字\n".repeat(3_000);
    await subject.update("一行文字\n");
    await subject.update(text);
    const receipt = await subject.hurry(subject.draft.finish(`${text}end`));
    expect(receipt.messageIds).toHaveLength(2);
    expect(subject.made(POSTED)).toHaveLength(2);
    expect(subject.made(SETTINGS)).toHaveLength(2);
    const [first, last] = [contents(subject)[0], contents(subject).at(-1)];
    expect(`${String(first)}${String(last)}`).toBe(`${text}end`);
  });

  it("sends what nobody saw grow in the ordinary way", async () => {
    await using subject = await openDraft();
    await expect(subject.draft.finish("all at once")).resolves.toMatchObject({ route: "reply" });
    expect(subject.made(POSTED).map(markdownOf)).toEqual(["all at once"]);
  });

  it("mentions nobody and shows no picture from elsewhere", async () => {
    await using subject = await openDraft();
    await subject.update("a");
    await subject.update("<at id=all></at> ![x](https://a.b)");
    expect(contents(subject)).toEqual(["<\u200bat id=all></at> [x](https://a.b)"]);
  });
});

describe("createDrafts when the platform objects", () => {
  it.each<[string, TestAnswer, readonly number[]]>([
    ["the sequence was too low", { code: 300317 }, [1, 1_002]],
    ["somebody uses the card", { code: 200810 }, [1, 2]],
    ["the card is not there yet", { code: 300313, msg: "not find elementID : md_1" }, [1, 2]],
    ["its answer is lost", { isReset: true }, [1, 2]],
    ["it asks to slow down", { status: 429, code: 99991400 }, [1, 2]],
  ])("tries again when %s", async (_title, answer, expected) => {
    await using subject = await openDraft();
    await subject.update("a");
    subject.answer(GROW, answer);
    await subject.update("ab");
    expect(contents(subject)).toEqual(["ab", "ab"]);
    expect(sequences(subject)).toEqual(expected);
  });

  it.each([300309, 200850])("lets a card grow again whose growing the platform ended (%i)", async (code) => {
    await using subject = await openDraft();
    await subject.update("a");
    subject.answer(GROW, { code });
    await subject.update("ab");
    expect(settingsOf(subject.made(SETTINGS)[0])).toEqual({ config: { streaming_mode: true } });
    expect(contents(subject)).toEqual(["ab", "ab"]);
    expect(sequences(subject)).toEqual([1, 2, 3]);
  });

  it("shows a whole new card at the end when the old one does not take the text", async () => {
    await using subject = await openDraft();
    await subject.update("a");
    subject.answer(GROW, ...Array<TestAnswer>(9).fill({ code: 300313 }));
    await expect(subject.hurry(subject.draft.finish("a b"))).resolves.toMatchObject({ messageIds: ["om_out2"] });
    const replaced = subject.calls.at(-1);
    expect(replaced?.route).toBe("PUT cardkit/v1/cards/card-1");
    expect(JSON.stringify(replaced?.json)).toContain("a b");
    expect(subject.made(POSTED)).toHaveLength(1);
  });

  it("takes the card back and sends its text when it cannot be changed any more", async () => {
    await using subject = await openDraft();
    await subject.update("a");
    subject.answer(/cardkit/, ...Array<TestAnswer>(20).fill({ code: 200740 }));
    const receipt = await subject.hurry(subject.draft.finish("a b"));
    expect(subject.made(/^DELETE/).map(({ route }) => route)).toEqual(["DELETE im/v1/messages/om_out2"]);
    expect(subject.made(POSTED).map(({ json }) => json["uuid"])).toHaveLength(2);
    expect(new Set(subject.made(POSTED).map(({ json }) => json["uuid"])).size).toBe(2);
    const sent = subject.made(POSTED).at(-1);
    expect(sent && markdownOf(sent)).toBe("a b");
    expect(receipt.messageIds).toHaveLength(1);
  });

  it.each<[string, RegExp, TestAnswer]>([
    ["no card can be made", /POST cardkit/, { code: 200220 }],
    ["a fresh card is refused", POSTED, { code: 230099, msg: "cardid is invalid" }],
  ])("sends the text at the end when %s, and says so once", async (_title, route, answer) => {
    await using subject = await openDraft();
    subject.answer(route, answer);
    await subject.update("a");
    await subject.update("a b");
    expect(subject.made(/POST cardkit/)).toHaveLength(1);
    await expect(subject.hurry(subject.draft.finish("a b c"))).resolves.toMatchObject({ route: "reply" });
    const sent = subject.made(POSTED).at(-1);
    expect(sent && markdownOf(sent)).toBe("a b c");
    expect(subject.logger.entries.filter(({ level, message }) => level === "warn" && message.includes("while it grows"))).toHaveLength(1);
  });

  it("posts by the uuid of a card that may have been lost, and gives that card the text", async () => {
    await using subject = await openDraft();
    subject.answer(POSTED, ...Array<TestAnswer>(1 + LIMITS.sendRetries).fill({ isReset: true }));
    await subject.update("a");
    await subject.hurry(subject.draft.finish("a b"));
    expect(contents(subject)).toEqual(["a b"]);
    expect(new Set(subject.made(POSTED).map(({ json }) => json["uuid"])).size).toBe(1);
  });

  it("fails only when the ordinary way does", async () => {
    await using subject = await openDraft();
    subject.answer(/POST cardkit/, { code: 200220 });
    await subject.update("a");
    subject.answer(POSTED, { code: 230002 });
    await expect(subject.draft.finish("a")).rejects.toMatchObject({ platformCode: "230002" });
  });
});

describe("createDrafts at an end without an answer", () => {
  it("takes back what was shown", async () => {
    await using subject = await openDraft();
    await subject.update("a");
    await subject.draft.cancel();
    expect(routes(subject).slice(2)).toEqual(["DELETE messages/om_out2"]);
    expect(await subject.context.store.get("cards")).toBeUndefined();
  });

  it("ends the growing of a card that cannot be taken back", async () => {
    await using subject = await openDraft();
    await subject.update("a");
    subject.answer(/^DELETE/, { code: 230026 });
    await subject.draft.cancel();
    expect(settingsOf(subject.calls.at(-1))).toMatchObject({ config: { streaming_mode: false } });
  });

  it("shows nothing more once its turn was stopped, and gives the reason", async () => {
    await using peer = await startRestPeer();
    const stop = new AbortController();
    const draft = await createDrafts({ ...peer, send: () => Promise.reject<SendReceipt>(new TypeError("not needed")) }).openDraft(TARGET, stop.signal);
    await draft.update("a");
    const late = draft.update("a b");
    const reason = new RangeError("stopped");
    await peer.clock.untilPending(1);
    stop.abort(reason);
    await expect(late).rejects.toBe(reason);
    await draft.cancel();
    expect(routes(peer).at(-1)).toBe("DELETE messages/om_out2");
  });

  it("ends after a crash the growing of cards that were left, once", async () => {
    await using subject = await openDraft();
    await subject.update("a");
    const drafts = createDrafts({ ...subject, context: subject.restarted(), send: createSender(subject) });
    await drafts.recover(new AbortController().signal);
    await drafts.recover(new AbortController().signal);
    expect(subject.made(SETTINGS).map(settingsOf)).toEqual([{ config: { streaming_mode: false } }]);
    expect(sequences(subject).at(-1)).toBeGreaterThan(LIMITS.cardSequences);
    expect(await subject.context.store.get("cards")).toBeUndefined();
  });
});
