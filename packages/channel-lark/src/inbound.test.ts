import { admit } from "@revka/core";
import { describe, expect, it } from "vitest";
import { cardEnvelopeOf, normaliseCardAction, platformIdOf } from "./card-action.ts";
import { readCardAction, readMessageEvent, type CardAction, type MessageEvent } from "./event.ts";
import { envelopeOf, normalise, senderIdsOf } from "./inbound.ts";

const BOT_MENTION = { key: "@_user_1", id: { open_id: "ou_bot", union_id: "on_bot", user_id: "" }, name: "Revka" };

function eventOf(message: Readonly<Record<string, unknown>> = {}, sender: Readonly<Record<string, unknown>> = {}): unknown {
  const event = {
    sender: { sender_id: { union_id: "on_1", user_id: "e33g", open_id: "ou_1" }, sender_type: "user", tenant_key: "tk1", ...sender },
    message: { message_id: "om_1", create_time: "1763800000001", chat_id: "oc_1", chat_type: "p2p", message_type: "text", content: '{"text":"hello"}', ...message },
  };
  // As it comes: without what is undefined.
  return JSON.parse(JSON.stringify(event));
}
function read(message: Readonly<Record<string, unknown>> = {}, sender: Readonly<Record<string, unknown>> = {}): MessageEvent {
  const event = readMessageEvent(eventOf(message, sender));
  if (event === undefined) throw new TypeError("not readable");
  return event;
}
const normalised = (message: Readonly<Record<string, unknown>> = {}): ReturnType<typeof normalise> => normalise(read(message), { channel: "lark", receivedAt: 5, botOpenId: "ou_bot" });

describe("readMessageEvent", () => {
  it.each([
    ["no message id", eventOf({ message_id: undefined })],
    ["no chat", eventOf({ chat_id: " " })],
    ["nobody who wrote it", eventOf({}, { sender_id: {} })],
    ["ids that are empty", eventOf({}, { sender_id: { open_id: "", union_id: "" } })],
    ["an id that no platform gives", eventOf({ message_id: "x".repeat(257) })],
    ["no message at all", { sender: { sender_id: { open_id: "ou_1" } } }],
    ["nothing", null],
  ])("does not read an event with %s", (_title, event) => {
    expect(readMessageEvent(event)).toBeUndefined();
  });

  it.each([[null], [undefined], ["x"], [[null, { key: "(" }]]])("reads an event whose mentions are %j", (mentions) => {
    expect(read({ mentions }).mentions).toEqual([]);
  });
});

describe("envelopeOf", () => {
  const admission = (message: object, sender: object, allowedUsers: readonly string[]): string =>
    admit(envelopeOf(read({ ...message }, { ...sender }), { openId: "ou_bot" }), { allowedUsers, mentionOnly: true });

  it.each<[string, object, object, readonly string[], string]>([
    ["nobody by an empty list (LARK-17)", {}, {}, [], "denied"],
    ["everybody by a star (LARK-18)", {}, {}, ["*"], "admitted"],
    ["a listed open id (LARK-16, LARK-19)", {}, {}, ["ou_2", "ou_1"], "admitted"],
    ["a listed union id (LARK-16, LARK-19)", {}, {}, ["on_1"], "admitted"],
    ["somebody with a union id alone", {}, { sender_id: { union_id: "on_1" } }, ["on_1"], "admitted"],
    ["nobody by the id of the organisation (LARK-19)", {}, {}, ["e33g"], "denied"],
    ["no id in other letters (LARK-19)", {}, {}, ["OU_1"], "denied"],
    ["never an app", {}, { sender_type: "app" }, ["*"], "own"],
    ["never an app without ids", {}, { sender_type: "bot", sender_id: null }, ["*"], "own"],
    ["never the bot itself", {}, { sender_id: { open_id: "ou_bot" } }, ["*"], "own"],
    ["no group message that does not mention the bot (LARK-20)", { chat_type: "group" }, {}, ["*"], "not-addressed"],
    ["a group message that does (LARK-20)", { chat_type: "group", mentions: [BOT_MENTION] }, {}, ["*"], "admitted"],
    ["no group message to all", { chat_type: "group", content: '{"text":"@_all hi"}', mentions: [{ key: "@_all", id: {}, name: "all" }] }, {}, ["*"], "not-addressed"],
    ["a private message in any case (LARK-21)", { mentions: null }, {}, ["*"], "admitted"],
  ])("admits %s", (_title, message, sender, allowedUsers, expected) => {
    expect(admission(message, sender, allowedUsers)).toBe(expected);
  });

  it("takes no group message for addressed while the bot does not know its own id", () => {
    expect(envelopeOf(read({ chat_type: "group", mentions: [BOT_MENTION] }), {})).toMatchObject({ mentionsBot: false });
    expect(envelopeOf(read({ mentions: [] }), {})).toMatchObject({ mentionsBot: true });
  });

  it("tells every id that an allowlist may name", () => {
    expect(senderIdsOf(read())).toEqual(["ou_1", "on_1"]);
  });
});

describe("normalise", () => {
  it("says who wrote what, where and when", () => {
    expect(normalised()).toEqual({
      id: "om_1", channel: "lark", conversation: { id: "oc_1", kind: "direct" }, sender: { id: "ou_1", altIds: ["on_1"] },
      parts: [{ kind: "text", text: "hello" }], mentionsBot: true, sentAt: 1_763_800_000_001, receivedAt: 5, locale: "en",
    });
  });

  it("keeps the topic of a group, but takes no answer for one", () => {
    expect(normalised({ chat_type: "group", thread_id: "omt_7", root_id: "om_0" }).conversation).toEqual({ id: "oc_1", kind: "group", threadId: "omt_7" });
    expect(normalised({ root_id: "om_0", parent_id: "om_0" }).conversation).toEqual({ id: "oc_1", kind: "direct" });
  });

  it.each<[string, object, readonly unknown[]]>([
    ["the message it answers, before its words", { parent_id: "om_0" }, [{ kind: "quote", text: "", messageId: "om_0" }, { kind: "text", text: "hello" }]],
    ["the message it answers alone, when it says nothing", { parent_id: "om_0", content: '{"text":"@_user_1"}', mentions: [BOT_MENTION] }, [{ kind: "quote", text: "", messageId: "om_0" }]],
    ["an empty text, when it mentions the bot and says nothing", { content: '{"text":"@_user_1 "}', mentions: [BOT_MENTION] }, [{ kind: "text", text: "" }]],
    ["an empty text, when it cannot be read", { content: "{" }, [{ kind: "text", text: "" }]],
    ["nothing of the platform's own", { message_type: "system", content: '{"template":"x"}' }, []],
  ])("gives %s", (_title, message, parts) => {
    expect(normalised({ ...message }).parts).toEqual(parts);
  });

  it.each<[string, object, string | undefined]>([
    ["what the client says", { user_agent: "Mozilla/5.0 Lark/7.9.0 LarkLocale/ja_JP ttnet" }, "ja"],
    ["a tag in the event", { extra: { i18n_locale: "zh-Hant" } }, "zh-TW"],
    ["the language of a post", { message_type: "post", content: '{"ja_jp":{"title":"","content":[[{"tag":"text","text":"hi"}]]}}' }, "ja"],
    ["the script", { content: '{"text":"这个怎么办"}' }, "zh-CN"],
    ["nothing of a picture", { message_type: "image", content: '{"image_key":"i"}' }, undefined],
  ])("tells the sender's language by %s", (_title, message, locale) => {
    expect(normalised({ ...message }).locale).toBe(locale);
  });
});

describe("normaliseCardAction", () => {
  const event = (action: object = {}, rest: object = {}): unknown => ({
    operator: { open_id: "ou_1", union_id: "on_1" }, token: "c-4f2a", host: "im_message", context: { open_message_id: "om_c", open_chat_id: "oc_1" },
    action: { value: { choice: "yes" }, tag: "button", name: "b1", form_value: {}, input_value: "", option: "", options: [], checked: false, ...action }, ...rest,
  });
  function readAction(value: unknown): CardAction {
    const action = readCardAction(value);
    if (action === undefined) throw new TypeError("not readable");
    return action;
  }
  const partOf = (action: object): unknown => normaliseCardAction(readAction(event(action)), { channel: "lark", receivedAt: 5 }).parts[0];

  it("gives what was used, by whom and where", () => {
    const action = readAction(event());
    const message = normaliseCardAction(action, { channel: "lark", receivedAt: 5 });
    expect(message).toMatchObject({
      conversation: { id: "oc_1" }, sender: { id: "ou_1", altIds: ["on_1"] }, mentionsBot: true, sentAt: 5,
      parts: [{ kind: "action", action: "b1", value: { choice: "yes" } }],
    });
    expect(platformIdOf(message.id)).toBe("om_c");
    expect(message.id).not.toContain("c-4f2a");
    expect(cardEnvelopeOf(action, {}).messageId).toBe(message.id);
  });

  it("tells one use from the next", () => {
    const idOf = (token: string): string => cardEnvelopeOf(readAction(event({}, { token })), {}).messageId;
    expect(idOf("c-1")).toBe(idOf("c-1"));
    expect(idOf("c-1")).not.toBe(idOf("c-2"));
  });

  it.each<[string, object, unknown]>([
    ["a text value", { value: "go" }, "go"],
    ["no value", { value: undefined }, undefined],
    ["a form", { form_value: { a: "1" } }, { value: { choice: "yes" }, form_value: { a: "1" } }],
    ["an input", { value: {}, input_value: "words", tag: "input" }, { input_value: "words" }],
    ["a choice", { value: {}, option: "x", options: ["x", "y"] }, { option: "x", options: ["x", "y"] }],
    ["a check that was taken out", { tag: "checker", value: {} }, { checked: false }],
  ])("gives %s", (_title, action, value) => {
    expect(partOf(action)).toEqual({ kind: "action", action: "b1", ...(value !== undefined && { value }) });
  });

  it.each<[string, readonly string[], string]>([
    ["denies", ["ou_2"], "denied"],
    ["admits", ["on_1"], "admitted"],
  ])("%s who used it by the allowlist", (_title, allowedUsers, expected) => {
    expect(admit(cardEnvelopeOf(readAction(event()), {}), { allowedUsers, mentionOnly: true })).toBe(expected);
  });

  it("answers the person where no chat is named, and has no message where none is", () => {
    const message = normaliseCardAction(readAction(event({}, { context: {} })), { channel: "lark", receivedAt: 5 });
    expect(message.conversation).toEqual({ id: "ou_1", kind: "direct" });
    expect(platformIdOf(message.id)).toBeUndefined();
  });

  it.each([[event({}, { operator: {} })], [event({}, { token: "" })], [null]])("does not read a damaged one", (value) => {
    expect(readCardAction(value)).toBeUndefined();
  });
});
