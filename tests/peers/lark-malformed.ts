import type { LarkEvent } from "@revka/sandbox";

/** Text that is no event, by what it is called. */
export const BAD_TEXTS: readonly (readonly [title: string, text: string])[] = [
  ["garbage", "<html>no event</html>"],
  ["empty", ""],
  ["half an event", '{"schema":"2.0","header":{"event_id":"e-1","event_type":"im.mess'],
  ["a scalar", "42"],
  ["a list", '[{"schema":"2.0"}]'],
  ["null", "null"],
  ["an object without anything", "{}"],
  ["an event with fields of wrong types", '{"schema":2,"header":["event_id"],"event":7}'],
  ["arrays within arrays", "[".repeat(100_000)],
  ["an event of the old kind", '{"ts":"1","uuid":"u-1","token":"a verification token","type":"event_callback","event":{"type":"message"}}'],
];

const TYPE = "im.message.receive_v1";
const SENDER = { sender_id: { open_id: "ou_user_1", union_id: "on_user_1" }, sender_type: "user" };
const MESSAGE = { message_id: "om_odd", create_time: "1763800000000", chat_id: "oc_odd", chat_type: "p2p" };

/** Events that say nothing, by what they are called. */
export const BAD_EVENTS: readonly (readonly [title: string, event: LarkEvent])[] = [
  ["an event that nobody wants", { eventType: "im.chat.disbanded_v1", event: { chat_id: "oc_1" } }],
  ["an event of a type that nobody knows", { eventType: "riddle", event: null }],
  ["an event of another app", { eventType: TYPE, event: { sender: SENDER, message: { ...MESSAGE, message_type: "text", content: '{"text":"hello"}' } }, header: { app_id: "cli_00000000deadbeef" } }],
  ["a message that is a scalar", { eventType: TYPE, event: 42 }],
  ["a message without anything", { eventType: TYPE, event: {} }],
  ["a message without an id or a sender", { eventType: TYPE, event: { message: { message_type: "text", content: '{"text":"hello"}' } } }],
  ["a message with fields of wrong types", { eventType: TYPE, event: { sender: ["ou_1"], message: { message_id: { $id: 1 }, chat_id: 7, chat_type: true, message_type: [], content: { text: "hello" } } } }],
  ["a message of nobody known", { eventType: TYPE, event: { sender: { sender_id: { open_id: "", union_id: "" }, sender_type: "user" }, message: { ...MESSAGE, message_type: "text", content: '{"text":"hello"}' } } }],
  ["a message of another bot", { eventType: TYPE, event: { sender: { ...SENDER, sender_type: "app" }, message: { ...MESSAGE, message_type: "text", content: '{"text":"hello"}' } } }],
  ["a click on a card without anything", { eventType: "card.action.trigger", event: {} }],
];
