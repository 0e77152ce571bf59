import { describe, expect, it } from "vitest";
import type { MochatIdKind } from "./behaviour.ts";
import { elementOf, idJson, parseElement } from "./element.ts";

describe("idJson", () => {
  it.each<[MochatIdKind, readonly (string | undefined)[]]>([
    ["text", ['"m-1"', '"m-2"', '"m-3"']],
    ["number", ["1", "2", "3"]],
    ["big-number", ["9007199254740993", "9007199254740994", "9007199254740995"]],
    ["reserved", ['"a b&c=d-1"', '"msg/1+2"', '"消息3"']],
    ["duplicate", ['"m-1"', '"m-1"', '"m-3"']],
    ["empty", ['""', '""', '""']],
    ["missing", [undefined, undefined, undefined]],
  ])("numbers messages by the kind %s", (kind, expected) => {
    expect([1, 2, 3].map((n) => idJson(kind, n))).toEqual(expected);
  });
});

describe("elementOf", () => {
  it.each<[string | undefined, object, string]>([
    ['"m-1"', { content: "a" }, '{"messageId":"m-1","content":"a"}'],
    ["9007199254740993", {}, '{"messageId":9007199254740993}'],
    [undefined, { content: "a" }, '{"content":"a"}'],
    ['"m-1"', { content: undefined }, '{"messageId":"m-1"}'],
  ])("puts the id %s before the fields", (id, fields, json) => {
    expect(elementOf(id, { ...fields }).json).toBe(json);
  });

  it("lets a field replace the id, also with none", () => {
    expect(elementOf('"m-1"', { messageId: "mine" })).toEqual({ id: "mine", json: '{"messageId":"mine"}' });
    expect(elementOf('"m-1"', { messageId: undefined })).toEqual({ id: undefined, json: "{}" });
  });
});

describe("parseElement", () => {
  it.each<[string, string | undefined]>([
    ['{"messageId":"a","id":"b"}', "a"],
    ['{"messageId":"","id":"b"}', "b"],
    ['{"id":9007199254740993}', "9007199254740993"],
    ['{"id":1e3}', "1e3"],
    ['{"messageId":true}', undefined],
    ['{"content":{"id":"inner"}}', undefined],
    ['"text"', undefined],
    ["null", undefined],
  ])("reads the id of %s", (json, id) => {
    expect(parseElement(json)).toEqual({ id, json });
  });

  it("refuses what is not JSON", () => {
    expect(() => parseElement("{")).toThrow(SyntaxError);
  });
});
