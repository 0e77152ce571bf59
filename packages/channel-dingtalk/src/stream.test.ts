import { describe, expect, it } from "vitest";
import { callback, robotMessage, SENT_AT, system } from "./listening.test-support.ts";
import { OPENED, step } from "./stream.ts";
import { decodeFrame, encodeAck } from "./wire.ts";

const frameOf = (fields: object): ReturnType<typeof decodeFrame> => decodeFrame(JSON.stringify(fields));
const effectsOf = (bytes: string): unknown => step(OPENED, decodeFrame(bytes)).effects;
const ack = (messageId: string, code: number, data: string): unknown => ({ kind: "ack", ack: { code, message: expect.any(String) as string, messageId, data } });

describe("decodeFrame", () => {
  it.each<[string, unknown, unknown]>([
    ["a time in digits", { type: "CALLBACK", headers: { topic: "t", messageId: "m", time: "12" }, data: "d" }, { sentAt: 12, data: "d" }],
    ["a time as a number", { type: "CALLBACK", headers: { topic: "t", messageId: "m", time: 12 }, data: "d" }, { sentAt: 12 }],
    ["headers by their other name", { type: "EVENT", header: { topic: "*", messageId: "m" } }, { topic: "*", messageId: "m" }],
    ["data that is no text", { type: "SYSTEM", headers: { topic: "ping" }, data: { opaque: "o" } }, { data: '{"opaque":"o"}' }],
    ["no data", { type: "SYSTEM", headers: { topic: "ping" } }, { data: "", messageId: undefined }],
    ["no headers", { type: "SYSTEM" }, { topic: "" }],
  ])("reads %s", (_title, fields, expected) => {
    expect(frameOf(fields as object)).toMatchObject(expected as object);
  });

  it.each([
    ["no JSON", "<html>", "not a frame of the stream"],
    ["a list", "[]", "not a frame of the stream"],
    ["no type", '{"headers":{}}', "not a frame of the stream"],
    ["bytes", new Uint8Array([1]), "a binary frame"],
  ])("knows %s for no frame", (_title, bytes, malformed) => {
    expect(decodeFrame(bytes)).toMatchObject({ malformed });
  });
});

describe("step", () => {
  it("answers a ping as the protocol page wants it (DT-25)", () => {
    const { effects } = step(OPENED, decodeFrame('{"type":"SYSTEM","headers":{"topic":"ping","messageId":"m1","contentType":"application/json"},"data":"{\\"opaque\\":\\"o-1\\"}"}'));
    expect(effects).toHaveLength(1);
    const [effect] = effects;
    expect(effect?.kind === "ack" && JSON.parse(encodeAck(effect.ack))).toEqual({
      code: 200, message: "OK", headers: { messageId: "m1", contentType: "application/json" }, data: '{"opaque":"o-1"}',
    });
  });

  it.each([
    ["a ping without data", system("ping", { messageId: "m" }), [ack("m", 200, "")]],
    ["a ping with empty data", system("ping", { messageId: "m" }, "{}"), [ack("m", 200, "{}")]],
    ["a ping that nobody could answer", system("ping", {}, "{}"), []],
    ["REGISTERED", system("REGISTERED", { messageId: "m" }), []],
    ["KEEPALIVE", system("KEEPALIVE", { messageId: "m" }), []],
    ["an event", JSON.stringify({ type: "EVENT", headers: { topic: "*", messageId: "m" }, data: "{}" }), [ack("m", 200, '{"status":"SUCCESS","message":"success"}')]],
    ["another topic", callback({}, { topic: "/v1.0/card/instances/callback", messageId: "m" }), [ack("m", 404, ""), { kind: "note", problem: "an unknown topic: CALLBACK /v1.0/card/instances/callback", excerpt: "" }]],
    ["another type", JSON.stringify({ type: "NEW", headers: { topic: "x" } }), [{ kind: "note", problem: "an unknown topic: NEW x", excerpt: "" }]],
    ["a robot message that is none", callback("{", { messageId: "m" }), [ack("m", 200, '{"response":null}'), { kind: "note", problem: "a robot message that cannot be read", excerpt: "1 characters" }]],
    ["no frame", "x", [{ kind: "note", problem: "not a frame of the stream", excerpt: "x" }]],
  ])("knows what to do about %s", (_title, bytes, effects) => {
    expect(effectsOf(bytes)).toEqual(effects);
  });

  it("delivers a robot message with the ack that waits for it (DT-13, DT-26)", () => {
    const deliver = { kind: "deliver", message: { msgId: "msg-1", senderStaffId: "staff-1" }, sentAt: SENT_AT, ack: { code: 200, messageId: "delivery-1", data: '{"response":null}' } };
    expect(effectsOf(callback(robotMessage()))).toMatchObject([deliver]);
    expect(effectsOf(JSON.stringify({ ...(JSON.parse(callback(robotMessage())) as object), data: robotMessage() }))).toMatchObject([deliver]);
  });

  it("takes the delivery's id for a message without one", () => {
    expect(effectsOf(callback(robotMessage({ msgId: undefined })))).toMatchObject([{ message: { msgId: "delivery-1" } }]);
  });

  it("asks for a replacement once, without answering", () => {
    const first = step(OPENED, decodeFrame(system("disconnect")));
    expect(first).toEqual({ state: { isRetiring: true }, effects: [{ kind: "retire" }] });
    expect(step(first.state, decodeFrame(system("disconnect")))).toEqual({ state: { isRetiring: true }, effects: [] });
  });
});
