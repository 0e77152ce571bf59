import { describe, expect, it } from "vitest";
import { cardOf, markdown, openRest, PNG, type RestPeer } from "../../testing/lark-rest.ts";

const STREAMING = cardOf([markdown("", "md_1")], { streaming_mode: true, summary: { content: "" }, streaming_config: { print_strategy: "fast" } });

async function createCard({ call }: RestPeer, card: object = STREAMING): Promise<string> {
  return String((await call("POST", "/cardkit/v1/cards", { type: "card_json", data: JSON.stringify(card) })).data["card_id"]);
}

function driver(peer: RestPeer, id: string): {
  stream: (content: string, sequence: number, more?: object, element?: string) => Promise<number>;
  settings: (settings: object, sequence: number) => Promise<number>;
  replace: (card: object, sequence: number) => Promise<number>;
} {
  const call = async (method: string, path: string, body: object): Promise<number> => (await peer.call(method, `/cardkit/v1/cards/${id}${path}`, body)).code;
  return {
    stream: (content, sequence, more = {}, element = "md_1") => call("PUT", `/elements/${element}/content`, { content, sequence, ...more }),
    settings: (settings, sequence) => call("PATCH", "/settings", { settings: JSON.stringify(settings), sequence }),
    replace: (card, sequence) => call("PUT", "", { card: { type: "card_json", data: JSON.stringify(card) }, sequence }),
  };
}

const CLOSE = { config: { streaming_mode: false, summary: { content: "done" } } };

describe("a streaming card", () => {
  it("is made, sent once, streamed into and closed", async () => {
    const peer = openRest();
    const id = await createCard(peer);
    expect(id).toMatch(/^\d{19}$/);
    const content = { type: "card", data: { card_id: id } };
    expect((await peer.send("interactive", content)).code).toBe(0);
    expect(peer.state.sent.entries).toMatchObject([{ cardId: id, text: "", isStreaming: true }]);
    const { stream, settings } = driver(peer, id);
    expect(await stream("Hel", 1)).toBe(0);
    expect(await stream("Hello", 5)).toBe(0);
    expect(await settings(CLOSE, 6)).toBe(0);
    expect(peer.state.sent.entries).toMatchObject([{ text: "Hello", isStreaming: false }]);
    expect(peer.state.cards.frames.entries).toMatchObject([
      { seq: 1, cardId: id, kind: "stream", sequence: 1, elementId: "md_1", content: "Hel", text: "Hel", isStreaming: true },
      { seq: 2, sequence: 5, content: "Hello" },
      { seq: 3, kind: "settings", sequence: 6, text: "Hello", isStreaming: false },
    ]);
    expect(await peer.send("interactive", content)).toMatchObject({ code: 230099, msg: expect.stringContaining("ErrCode: 11310; ErrMsg: cardid is invalid") as string });
    expect((await peer.call("PATCH", `/im/v1/messages/${String(peer.state.sent.entries[0]?.messageId)}`, { content: JSON.stringify(cardOf([])) })).code).toBe(230001);
  });

  it("wakes whoever waits for its end", async () => {
    const peer = openRest();
    const id = await createCard(peer);
    await peer.send("interactive", { type: "card", data: { card_id: id } });
    const ended = peer.state.sent.next(({ isStreaming }) => !isStreaming);
    await driver(peer, id).settings(CLOSE, 1);
    expect(await ended).toMatchObject({ cardId: id });
  });

  it("takes only a sequence that increases, over all kinds of change", async () => {
    const peer = openRest();
    const { stream, settings, replace } = driver(peer, await createCard(peer));
    expect(await stream("a", 3)).toBe(0);
    for (const code of [await stream("b", 3), await stream("b", 2), await settings(CLOSE, 3), await replace(STREAMING, 1)]) expect(code).toBe(300317);
    expect(await replace(STREAMING, 4)).toBe(0);
  });

  it("closes by itself after 10 minutes, and opens again by settings or with another card", async () => {
    const peer = openRest();
    const { stream, settings, replace } = driver(peer, await createCard(peer));
    peer.clock.advance(599_999);
    expect(await stream("a", 1)).toBe(0);
    peer.clock.advance(1);
    expect(await stream("b", 2)).toBe(300309);
    peer.behave({ streamTimeoutCode: 200850 });
    expect(await stream("b", 2)).toBe(200850);
    expect(await settings({ config: { streaming_mode: true } }, 2)).toBe(0);
    expect(await stream("b", 3)).toBe(0);
    expect(await settings(CLOSE, 4)).toBe(0);
    expect(await stream("c", 5)).toBe(300309);
    expect(await replace(STREAMING, 5)).toBe(0);
    expect(await stream("c", 6)).toBe(0);
  });

  it("stays open when other settings change", async () => {
    const peer = openRest();
    const { stream, settings } = driver(peer, await createCard(peer));
    expect(await settings({ config: { summary: { content: "s" } } }, 1)).toBe(0);
    expect(await stream("a", 2)).toBe(0);
  });

  it("takes a uuid once, and forgets that of a change that was refused", async () => {
    const peer = openRest();
    const { stream } = driver(peer, await createCard(peer));
    expect(await stream("a", 1, { uuid: "u" }, "nothing")).toBe(300313);
    expect(await stream("a", 1, { uuid: "u" })).toBe(0);
    expect(await stream("b", 2, { uuid: "u" })).toBe(200770);
  });

  it.each<readonly [title: string, content: string, sequence: number, more: object, element: string, code: number]>([
    ["an element that is not there", "a", 1, {}, "md_9", 300313],
    ["an element without text", "a", 1, {}, "line", 300310],
    ["no content", "", 1, {}, "md_1", 10002],
    ["too much content", "x".repeat(100_001), 1, {}, "md_1", 10002],
    ["sequence 0", "a", 0, {}, "md_1", 10002],
    ["a sequence beyond 32 bits", "a", 2_147_483_648, {}, "md_1", 10002],
    ["a uuid of 65 characters", "a", 1, { uuid: "u".repeat(65) }, "md_1", 10002],
    ["more than 30 KB", "x".repeat(30_720), 1, {}, "md_1", 200860],
    ["four tables", "| a |\n|---|\n\n".repeat(4), 1, {}, "md_1", 200220],
  ])("refuses %s", async (_title, content, sequence, more, element, code) => {
    const peer = openRest();
    const { stream } = driver(peer, await createCard(peer, cardOf([markdown("", "md_1"), { tag: "hr", element_id: "line" }], { streaming_mode: true })));
    expect(await stream(content, sequence, more, element)).toBe(code);
    expect(peer.state.cards.frames.entries).toEqual([]);
  });

  it("streams into a plain text, too", async () => {
    const peer = openRest();
    const id = await createCard(peer, cardOf([{ tag: "div", text: { tag: "plain_text", element_id: "words", content: "" } }], { streaming_mode: true }));
    expect(await driver(peer, id).stream("hello", 1, {}, "words")).toBe(0);
    expect(peer.state.cards.frames.entries).toMatchObject([{ text: "hello" }]);
  });

  it("takes ten changes a second, lives for 14 days, and belongs to its app", async () => {
    const peer = openRest();
    const { stream } = driver(peer, await createCard(peer));
    for (let sequence = 1; sequence <= 10; sequence += 1) expect(await stream("a", sequence)).toBe(0);
    expect(await stream("a", 11)).toBe(99991400);
    peer.clock.advance(14 * 86_400_000);
    expect(await stream("a", 11)).toBe(200750);
    expect(await driver(peer, "7000").stream("a", 1)).toBe(200740);
    const { cardId } = peer.state.cards.create(STREAMING, { appId: "cli_other" });
    expect(await driver(peer, cardId).stream("a", 1)).toBe(300311);
    expect((await peer.send("interactive", { type: "card", data: { card_id: cardId } })).code).toBe(230099);
  });
});

describe("making and changing cards", () => {
  it.each<readonly [title: string, data: string, code: number]>([
    ["no JSON", "{", 200220],
    ["an empty card", "{}", 300307],
    ["a card of 1.0", '{"elements":[]}', 300303],
    ["an element_id twice", JSON.stringify(cardOf([markdown("a", "x"), markdown("b", "x")])), 300301],
    ["201 elements", JSON.stringify(cardOf(Array.from({ length: 201 }, () => ({ tag: "hr" })))), 300305],
    ["an unknown element", JSON.stringify(cardOf([{ tag: "note" }])), 200220],
    ["more than 30 KB", JSON.stringify(cardOf([markdown("x".repeat(30_720))])), 200860],
    ["nothing", "", 10002],
  ])("refuses %s", async (_title, data, code) => {
    const { call } = openRest();
    expect(await call("POST", "/cardkit/v1/cards", { type: "card_json", data })).toMatchObject({ status: 400, code });
  });

  it.each([[{}], [{ config: "off" }], [{ streaming_mode: false }]])("refuses the settings %o", async (settings) => {
    const peer = openRest();
    expect(await driver(peer, await createCard(peer)).settings(settings, 1)).toBe(300122);
  });

  it("gives the entity of a card that was sent, and makes one of a card that had none", async () => {
    const peer = openRest();
    const { image_key: key } = (await peer.upload("image", PNG)).data;
    const messageId = String((await peer.send("interactive", cardOf([markdown(`![a](${String(key)})`, "md_1")]))).data["message_id"]);
    const convert = async (id: string): Promise<unknown> => (await peer.call("POST", "/cardkit/v1/cards/id_convert", { message_id: id })).data["card_id"];
    const id = await convert(messageId);
    expect(await convert(messageId)).toBe(id);
    expect(await driver(peer, String(id)).replace(cardOf([markdown("after")]), 1)).toBe(0);
    expect(peer.state.sent.entries).toMatchObject([{ text: "after" }]);
    expect((await peer.call("POST", "/cardkit/v1/cards/id_convert", { message_id: peer.say() })).code).toBe(10002);
  });

  it("changes a card that was clicked twice, within 30 minutes of an answered click", async () => {
    const peer = openRest();
    const messageId = String((await peer.send("interactive", cardOf([markdown("before")]))).data["message_id"]);
    const update = async (token: string): Promise<number> => (await peer.call("POST", "/interactive/v1/card/update", { token, card: cardOf([markdown("after")]) })).code;
    const [token, late] = [peer.state.cardTokens.issue(messageId), peer.state.cardTokens.issue(messageId)];
    expect(await update(token)).toBe(10002);
    peer.state.cardTokens.answered(token);
    peer.state.cardTokens.answered(late);
    expect([await update(token), await update(token), await update(token)]).toEqual([0, 0, 10002]);
    expect(peer.state.sent.entries).toMatchObject([{ text: "after", edits: [{ kind: "update" }, { kind: "update" }] }]);
    peer.clock.advance(1_800_000);
    expect(await update(late)).toBe(10002);
  });
});
