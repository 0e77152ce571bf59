import { describe, expect, it } from "vitest";
import { decodeFrame, encodeFrame, headerOf, type LarkFrame } from "./frame.ts";

const PING = "08001000 18f6818010 2000 2a0c 0a0474797065 120470696e67";
const PONG = "08001000 18f6818010 2000 2a0c 0a0474797065 1204706f6e67 4213 7b2250696e67496e74657276616c223a39307d";
const EVENT = `0807 10ac02 18f6818010 2001
  2a0d 0a0474797065 12056576656e74
  2a12 0a0a6d6573736167655f6964 12046d2d3031
  2a08 0a0373756d 120131
  2a08 0a03736571 120130
  2a10 0a0874726163655f6964 1204742d3031`;
const EVENT_END = "4210 7b22736368656d61223a22322e30227d";
const ACK_END = "2a0c 0a0662697a5f7274 12023132 420c 7b22636f6465223a3230307d";

const SERVICE = 33_554_678;
const EVENT_HEADERS = headers({ type: "event", message_id: "m-01", sum: "1", seq: "0", trace_id: "t-01" });

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(/\s/g, ""), "hex");
}

function headers(fields: Readonly<Record<string, string>>): LarkFrame["headers"] {
  return Object.entries(fields).map(([key, value]) => ({ key, value }));
}

describe("a frame of the long connection", () => {
  it.each<[string, number, string, LarkFrame]>([
    ["a ping", 25, PING, { seqId: 0n, logId: 0n, service: SERVICE, method: 0, headers: headers({ type: "ping" }) }],
    ["a pong", 46, PONG, { seqId: 0n, logId: 0n, service: SERVICE, method: 0, headers: headers({ type: "pong" }), payload: Buffer.from('{"PingInterval":90}') }],
    ["an event", 103, EVENT + EVENT_END, { seqId: 7n, logId: 300n, service: SERVICE, method: 1, headers: EVENT_HEADERS, payload: Buffer.from('{"schema":"2.0"}') }],
    ["an ack", 113, EVENT + ACK_END, { seqId: 7n, logId: 300n, service: SERVICE, method: 1, headers: [...EVENT_HEADERS, { key: "biz_rt", value: "12" }], payload: Buffer.from('{"code":200}') }],
  ])("writes and reads %s of %i bytes as the platform does", (_title, length, hex, frame) => {
    expect(bytesOf(hex)).toHaveLength(length);
    expect(encodeFrame(frame)).toEqual(bytesOf(hex));
    expect(decodeFrame(bytesOf(hex))).toEqual(frame);
  });

  it("brings every field there and back, numbers of 64 bits exactly", () => {
    const frame: LarkFrame = {
      seqId: 2n ** 64n - 1n, logId: 2n ** 53n + 1n, service: -1, method: 1, headers: headers({ type: "event", 你: "好" }),
      payloadEncoding: "json", payloadType: "event", payload: Uint8Array.of(0, 255), logIdNew: "log-1",
    };
    const read = decodeFrame(encodeFrame(frame));
    expect({ ...read, payload: [...(read.payload ?? [])] }).toEqual({ ...frame, payload: [0, 255] });
  });

  it("skips fields that it does not know, of every kind", () => {
    expect(decodeFrame(bytesOf(`${PING} 5001 5a0161 61 0102030405060708 6d 01020304`))).toEqual(decodeFrame(bytesOf(PING)));
  });

  it("takes the last of several values", () => {
    const frame = decodeFrame(bytesOf(`${PING} 0805 2a0c 0a0474797065 1204706f6e67`));
    expect(frame.seqId).toBe(5n);
    expect(headerOf(frame, "type")).toBe("pong");
    expect(headerOf(frame, "sum")).toBeUndefined();
  });

  it.each([
    ["no bytes", "", "the required field 1 is missing"],
    ["a frame without its service", "0800 1000 2000", "the required field 3 is missing"],
    ["a number that is cut off", "0880", "the bytes end inside the varint at 2"],
    ["a number without end", `08${"80".repeat(11)}`, "the varint before byte 11 has no end"],
    ["bytes that are cut off", `${PING} 4213 7b`, "the bytes end inside the field at 27"],
    ["bytes in place of a number", "0a00", "the required field 1 is no number"],
    ["a number in place of bytes", `${PING} 4001`, "the field 8 is a number"],
    ["a header that is no message", `${PING} 2801`, "a header is not a message"],
    ["a header without a value", `${PING} 2a06 0a0474797065`, "a header has no key or no value"],
    ["a wire type that does not exist", "0b", "no field has the wire type 3"],
    ["a text that is not UTF-8", `${PING} 3201ff`, "not valid"],
  ])("refuses %s", (_title, hex, message) => {
    expect(() => decodeFrame(bytesOf(hex))).toThrow(TypeError);
    expect(() => decodeFrame(bytesOf(hex))).toThrow(message);
  });
});
