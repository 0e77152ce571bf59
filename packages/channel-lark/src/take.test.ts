import { textOf } from "@revka/core";
import { describe, expect, it } from "vitest";
import { acksOn, CARD_USE, dataFrame, envelope, groupEvent, listenToPlatform, MENTIONS_BOT, messageEvent, type Listening } from "./listening.test-support.ts";
import { ROUTES } from "./platform.test-support.ts";

const LAST = "om_last";

/** Delivers events one after another, then one that comes in for sure, and gives the ids that came in before it. */
async function takenOf(listening: Listening, events: readonly Record<string, unknown>[]): Promise<string[]> {
  const socket = listening.platform.sockets.at(-1) ?? (await listening.connected());
  const acked = acksOn(socket).length;
  for (const [index, event] of events.entries()) socket.send(dataFrame(envelope(event), { message_id: `m-${index}` }));
  await listening.platform.until(() => acksOn(socket).length === acked + events.length);
  return listening.messages.map(({ id }) => id);
}
const linesOf = ({ logger }: Listening, word: string): string[] => logger.entries.filter(({ message }) => message.includes(word)).map(({ level, message }) => `${level}: ${message}`);

describe("who gets in", () => {
  it("denies everybody with an empty allowlist, and says so once (LARK-17, LARK-46, LARK-75)", async () => {
    await using listening = await listenToPlatform({ config: { allowedUsers: [] } });
    await listening.connected();
    expect(await takenOf(listening, [messageEvent(), messageEvent({ message_id: "om_2" })])).toEqual([]);
    expect(linesOf(listening, "not in allowed_users")).toEqual(["warn: Lark WS: ignoring ou_friend (not in allowed_users)", "debug: Lark WS: ignoring ou_friend (not in allowed_users)"]);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ["everybody with a star (LARK-18)", ["*"], ["om_a", "om_b"]],
    ["a listed open id and no other (LARK-16, LARK-19)", ["ou_a"], ["om_a"]],
    ["a listed union id and no other (LARK-16, LARK-19)", ["on_b"], ["om_b"]],
    ["nobody by another spelling (LARK-19)", ["OU_A", "ou_"], []],
  ])("admits %s", async (_title, allowedUsers, taken) => {
    await using listening = await listenToPlatform({ config: { allowedUsers } });
    await listening.connected();
    const events = [messageEvent({ message_id: "om_a" }, { open_id: "ou_a", union_id: "on_a" }), messageEvent({ message_id: "om_b" }, { open_id: "ou_b", union_id: "on_b" })];
    expect(await takenOf(listening, events)).toEqual(taken);
  });

  it("tells the host whom it turned away, and where, so that an operator can let them in", async () => {
    await using listening = await listenToPlatform({ config: { allowedUsers: [], mentionOnly: true } });
    await listening.connected();
    expect(await takenOf(listening, [messageEvent(), groupEvent({ message_id: "om_unaddressed" })])).toEqual([]);
    expect(listening.denied).toEqual([{ ids: ["ou_friend", "on_friend"], conversationId: "oc_1" }]);
  });

  it("asks the same of who uses a card (LARK-46)", async () => {
    await using listening = await listenToPlatform({ config: { allowedUsers: ["ou_other"] } });
    const socket = await listening.connected();
    socket.send(dataFrame(envelope(CARD_USE, { event_type: "card.action.trigger" })));
    await listening.platform.until(() => acksOn(socket).length === 1);
    expect(listening.messages).toEqual([]);
    expect(listening.denied).toEqual([{ ids: ["ou_friend", "on_friend"], conversationId: "oc_1" }]);
  });

  it("does not let a stranger's message stand in the way of a friend's with the same id", async () => {
    await using listening = await listenToPlatform({ config: { allowedUsers: ["ou_friend"] } });
    await listening.connected();
    expect(await takenOf(listening, [messageEvent({}, { open_id: "ou_stranger", union_id: "on_stranger" }), messageEvent()])).toEqual(["om_1"]);
  });

  it("takes every direct message, and in groups only what mentions the bot (LARK-20, LARK-21)", async () => {
    await using listening = await listenToPlatform({ config: { mentionOnly: true } });
    await listening.connected();
    await listening.logged("Lark: resolved bot open_id: ou_bot");
    const other = { mentions: [{ key: "@_user_1", id: { open_id: "ou_x" }, name: "X" }] };
    const all = { content: JSON.stringify({ text: "@_all hello" }) };
    const events = [
      messageEvent({ message_id: "om_direct" }),
      groupEvent({ message_id: "om_plain" }),
      groupEvent({ message_id: "om_other", ...other }),
      groupEvent({ message_id: "om_all", ...all }),
      groupEvent({ message_id: "om_bot", ...MENTIONS_BOT }),
    ];
    expect(await takenOf(listening, events)).toEqual(["om_direct", "om_bot"]);
    expect(listening.messages.map(textOf)).toEqual(["hello", "hello"]);
  });

  it("takes every group message where mentions are not asked for (LARK-20)", async () => {
    await using listening = await listenToPlatform();
    await listening.connected();
    expect(await takenOf(listening, [groupEvent()])).toEqual(["om_1"]);
  });

  it("takes nothing in groups while the bot does not know itself, and asks again (LARK-76)", async () => {
    const missing = { body: { code: 0, msg: "ok", bot: {} } };
    await using listening = await listenToPlatform({ config: { mentionOnly: true }, prepare: (platform) => platform.answer(ROUTES.bot, missing) });
    await listening.connected();
    await listening.logged("Lark: bot open_id missing");
    const first = groupEvent({ message_id: "om_first", ...MENTIONS_BOT });
    expect(await takenOf(listening, [first, messageEvent({ message_id: "om_direct" })])).toEqual(["om_direct"]);
    await listening.clock.advance(6_000);
    expect(await takenOf(listening, [groupEvent({ message_id: LAST, ...MENTIONS_BOT })])).toEqual(["om_direct", LAST]);
  });

  it("waits for the first answer about the bot rather than turn a mention away", async () => {
    await using listening = await listenToPlatform({ config: { mentionOnly: true } });
    await listening.connected();
    expect(await takenOf(listening, [groupEvent(MENTIONS_BOT)])).toEqual(["om_1"]);
  });

  it("skips what apps write, and the bot's own words", async () => {
    await using listening = await listenToPlatform();
    await listening.connected();
    await listening.logged("Lark: resolved bot open_id");
    const fromApp = { ...messageEvent(), sender: { sender_id: { open_id: "ou_app" }, sender_type: "app" } };
    expect(await takenOf(listening, [fromApp, messageEvent({ message_id: "om_2" }, { open_id: "ou_bot" })])).toEqual([]);
  });

  it("takes nothing from a sender without an id, also with a star", async () => {
    await using listening = await listenToPlatform();
    await listening.connected();
    expect(await takenOf(listening, [messageEvent({}, { open_id: "", union_id: "" })])).toEqual([]);
  });
});
