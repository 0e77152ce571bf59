import { readFixture } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { decodePage, decodeSent, isSuccess, type MochatMessage } from "./wire.ts";

const M = { id: "m-1", sender: "u-1", text: "hi" };
const JSON_M = '{"messageId":"m-1","fromUserId":"u-1","content":{"text":"hi"}}';

function pageOf(body: string): ReturnType<typeof decodePage> & { messages: readonly MochatMessage[] } {
  const page = decodePage(body);
  if ("malformed" in page) throw new Error(page.malformed);
  return page;
}
function messageOf(element: string): MochatMessage {
  return pageOf(`[${element}]`).messages[0]!;
}

describe("decodePage", () => {
  it.each([
    ["R1", `{"code":0,"data":[${JSON_M}]}`],
    ["R2", `{"messages":[${JSON_M}]}`],
    ["R3 with data.messages", `{"code":200,"data":{"messages":[${JSON_M}]}}`],
    ["R3 with data.list", `{"code":200,"data":{"list":[${JSON_M}]}}`],
    ["R4", `[${JSON_M}]`],
    ["R6", `{"data":null,"messages":[${JSON_M}]}`],
    ["R6 with an object", `{"data":{},"messages":[${JSON_M}]}`],
    ["R6 with a string", `{"data":"none","messages":[${JSON_M}]}`],
  ])("finds the messages of shape %s (MOCHAT-27)", (_shape, body) => {
    expect(pageOf(body).messages).toEqual([M]);
  });

  it("lets data win over messages when it is an array, even an empty one: shape R5 (MOCHAT-27)", () => {
    expect(pageOf(`{"code":0,"data":[],"messages":[${JSON_M}]}`).messages).toEqual([]);
  });

  it.each(['{"code":0}', "{}", '{"data":null}', "", " \n"])("takes %j for an empty page: shape R7", (body) => {
    expect(decodePage(body)).toMatchObject({ messages: [], skippedCount: 0, hasMore: false });
  });

  it.each([
    ["a scalar", "7", "neither an object nor an array"],
    ["a string", '"hello"', "neither an object nor an array"],
    ["null", "null", "neither an object nor an array"],
    ["a web page", "<html>", "not JSON"],
    ["an answer cut short", '{"code":0,"da', "not JSON"],
    ["an answer nested too deep", `${"[".repeat(500_000)}${"]".repeat(500_000)}`, "not JSON"],
  ])("says why it cannot read %s: shape R9", (_title, body, malformed) => {
    expect(decodePage(body)).toEqual({ malformed });
  });

  it.each([
    ["a number", '{"code":500,"msg":"db down"}', "500", "db down"],
    ["a string", '{"code":"500","message":"db down"}', "500", "db down"],
    ["nothing", "{}", undefined, undefined],
    ["null", '{"code":null}', undefined, undefined],
  ])("reads a code that is %s: shape R8", (_title, body, code, problem) => {
    expect(decodePage(body)).toMatchObject({ code, problem });
  });

  it.each(['{"has_more":true}', '{"hasMore":true}', '{"data":{"has_more":true}}', '{"data":{"hasMore":true}}'])("reads the hint %s", (body) => {
    expect(pageOf(body)).toMatchObject({ hasMore: true });
  });

  it("believes a hint only when it is true", () => {
    expect(pageOf('{"has_more":"yes","hasMore":1}')).toMatchObject({ hasMore: false });
  });

  it("skips and counts elements that are no objects", () => {
    expect(pageOf(`[7,null,"x",[],${JSON_M}]`)).toMatchObject({ messages: [M], skippedCount: 4 });
  });

  it("reads the documented answers", () => {
    expect(pageOf(readFixture(import.meta.url, "receive-wrapped.json").toString()).messages).toEqual([
      { id: "m-1001", sender: "u-7", text: "where is my order?", msgType: "text", sentAt: 1_790_000_000_000 },
      { id: "1002", sender: "88", text: "hello" },
    ]);
    expect(pageOf(readFixture(import.meta.url, "receive-bare-messages.json").toString()).messages).toEqual([{ id: "a b&c=d", sender: "u-9", text: "trimmed" }]);
  });
});

describe("a message", () => {
  it.each([
    ["messageId before id", '{"messageId":"a","id":"b"}', "a"],
    ["id where messageId is absent", '{"id":"b"}', "b"],
    ["id where messageId is empty", '{"messageId":"","id":"b"}', "b"],
    ["id where messageId is an object", '{"messageId":{},"id":"b"}', "b"],
    ["no id where both are empty", '{"messageId":"","id":""}', undefined],
    ["no id where it is beyond 256 characters", `{"id":"${"x".repeat(257)}"}`, undefined],
    ["an id of 256 characters", `{"id":"${"x".repeat(256)}"}`, "x".repeat(256)],
  ])("has %s (MOCHAT-28)", (_title, element, id) => {
    expect(messageOf(element).id).toBe(id);
  });

  it.each([
    ["a small number", "1002", "1002"],
    ["a number beyond 2^53", "9007199254740993", "9007199254740993"],
    ["a number with 30 digits", "123456789012345678901234567890", "123456789012345678901234567890"],
    ["a number with an exponent", "1e3", "1e3"],
  ])("keeps an id and a sender that are %s digit by digit (MOCHAT-52)", (_title, digits, expected) => {
    expect(messageOf(`{"id":${digits},"sender":${digits}}`)).toMatchObject({ id: expected, sender: expected });
    expect(messageOf(`{"messageId":${digits},"fromUserId":${digits}}`)).toMatchObject({ id: expected, sender: expected });
  });

  it.each([
    ["fromUserId before sender", '{"fromUserId":"a","sender":"b"}', "a"],
    ["sender where fromUserId is absent", '{"sender":"b"}', "b"],
    ["the literal unknown where nobody is named", "{}", "unknown"],
    ["the literal unknown where the sender is an object", '{"sender":{"id":"b"}}', "unknown"],
  ])("is from %s (MOCHAT-29)", (_title, element, sender) => {
    expect(messageOf(element).sender).toBe(sender);
  });

  it.each([
    ["content.text", '{"content":{"text":" hi\\n"}}', "hi"],
    ["content that is a string", '{"content":"  hi "}', "hi"],
    ["nothing of content that is something else", '{"content":{"text":7}}', ""],
    ["nothing where there is no content", "{}", ""],
    ["nothing of blank content", '{"content":"  "}', ""],
  ])("says %s, trimmed (MOCHAT-30)", (_title, element, text) => {
    expect(messageOf(element).text).toBe(text);
  });

  it.each(["timestamp", "createTime", "sendTime", "time"])("takes its time from %s", (key) => {
    expect(messageOf(`{"${key}":1790000000}`).sentAt).toBe(1_790_000_000_000);
  });

  it("takes the first of several times that can be read", () => {
    expect(messageOf('{"timestamp":"soon","createTime":true,"sendTime":"2026-01-02T03:04:05Z","time":1}').sentAt).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
  });
});

describe("decodeSent", () => {
  it.each([
    ["an id in data.messageId", '{"code":0,"msg":"ok","data":{"messageId":"m-2001"}}', { code: "0", messageId: "m-2001" }],
    ["an id in data.id", '{"code":0,"data":{"id":9007199254740993}}', { code: "0", messageId: "9007199254740993" }],
    ["a refusal", '{"code":40001,"msg":"toUserId not found"}', { code: "40001", problem: "toUserId not found" }],
    ["a code that is a string", '{"code":"200","message":"success"}', { code: "200", problem: "success" }],
    ["a text in message where msg is empty", '{"code":1,"msg":"","message":"no"}', { code: "1", problem: "no" }],
    ["no code", "{}", { code: undefined, problem: undefined }],
    ["an array", "[]", { malformed: "no JSON object" }],
    ["a web page", "<html>", { malformed: "not JSON" }],
  ])("reads %s", (_title, body, expected) => {
    expect(decodeSent(body)).toMatchObject(expected);
  });
});

describe("isSuccess", () => {
  it.each([["0", true], ["200", true], ["1", false], ["", false], ["00", false], [undefined, false]])("of code %j is %s (MOCHAT-22)", (code, expected) => {
    expect(isSuccess(code)).toBe(expected);
  });
});
