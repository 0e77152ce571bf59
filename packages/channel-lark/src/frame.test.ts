import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ackFrame, decodeFrame, encodeFrame, headerValue, pingFrame, type LarkFrame, type Malformed } from "./frame.ts";

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(/\s/g, ""), "hex");
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const PING = "08 00 10 00 18 f6 81 80 10 20 00 2a 0c 0a 04 74 79 70 65 12 04 70 69 6e 67";
const PONG = `08 00 10 00 18 f6 81 80 10 20 00 2a 0c 0a 04 74 79 70 65 12 04 70 6f 6e 67
  42 13 7b 22 50 69 6e 67 49 6e 74 65 72 76 61 6c 22 3a 39 30 7d`;
const EVENT_HEAD = `08 07 10 ac 02 18 f6 81 80 10 20 01
  2a 0d 0a 04 74 79 70 65 12 05 65 76 65 6e 74
  2a 12 0a 0a 6d 65 73 73 61 67 65 5f 69 64 12 04 6d 2d 30 31
  2a 08 0a 03 73 75 6d 12 01 31
  2a 08 0a 03 73 65 71 12 01 30
  2a 10 0a 08 74 72 61 63 65 5f 69 64 12 04 74 2d 30 31`;
const EVENT = `${EVENT_HEAD} 42 10 7b 22 73 63 68 65 6d 61 22 3a 22 32 2e 30 22 7d`;
const ACK = `${EVENT_HEAD} 2a 0c 0a 06 62 69 7a 5f 72 74 12 02 31 32 42 0c 7b 22 63 6f 64 65 22 3a 32 30 30 7d`;

function frameIn(bytes: Uint8Array): LarkFrame {
  const frame = decodeFrame(bytes);
  if ("malformed" in frame) throw new RangeError(frame.malformed);
  return frame;
}

describe("the codec of frames", () => {
  it("writes the ping of the platform's own client, byte for byte (LARK-55)", () => {
    expect(toHex(encodeFrame(pingFrame(33_554_678)))).toBe(toHex(hex(PING)));
  });

  it("reads a pong and what it asks for (LARK-55)", () => {
    const frame = frameIn(hex(PONG));
    expect(frame).toMatchObject({ method: 0, service: 33_554_678, headers: [{ key: "type", value: "pong" }] });
    expect(Buffer.from(frame.payload ?? []).toString()).toBe('{"PingInterval":90}');
  });

  it("reads an event and writes its ack, byte for byte (LARK-54, LARK-56)", () => {
    const frame = frameIn(hex(EVENT));
    expect(frame).toMatchObject({ seqId: 7n, logId: 300n, method: 1 });
    expect(["type", "message_id", "sum", "seq", "trace_id", "nothing"].map((key) => headerValue(frame, key))).toEqual(["event", "m-01", "1", "0", "t-01", undefined]);
    expect(toHex(encodeFrame(ackFrame(frame, { code: 200, tookMs: 12 })))).toBe(toHex(hex(ACK)));
  });

  it("writes a callback's answer in base64", () => {
    const ack = ackFrame(frameIn(hex(EVENT)), { code: 200, answer: { toast: { type: "success", content: "ok" } }, tookMs: 0 });
    expect(Buffer.from(ack.payload ?? []).toString()).toBe('{"code":200,"data":"eyJ0b2FzdCI6eyJ0eXBlIjoic3VjY2VzcyIsImNvbnRlbnQiOiJvayJ9fQ=="}');
  });

  it.each<[string, string, string]>([
    ["nothing", "", "a required field is missing"],
    ["a missing field", "08 00 10 00 18 01", "a required field is missing"],
    ["a truncated varint", "08 80", "truncated at byte 2"],
    ["a varint without end", `08 ${"ff".repeat(11)}`, "a varint without end at byte 1"],
    ["a truncated text", "2a 0c 0a", "truncated at byte 2"],
    ["a length beyond everything", "2a ff ff ff ff ff ff ff ff ff 01", "truncated at byte 11"],
    ["a number where a text belongs", "08 00 10 00 18 01 20 00 28 01", "field 5 has the wrong wire type"],
    ["a text where a number belongs", "0a 01 30 10 00 18 01 20 00", "field 1 has the wrong wire type"],
    ["a header without a value", "08 00 10 00 18 01 20 00 2a 03 0a 01 61", "a header that cannot be read"],
    ["a group", "0b 0c", "an unknown wire type at byte 0"],
    ["too many fields", "50 00".repeat(300), "more than 256 fields"],
  ])("says what is wrong with %s", (_title, bytes, malformed) => {
    expect((decodeFrame(hex(bytes)) as Malformed).malformed).toBe(malformed);
  });

  it("skips fields that nobody knows, whatever their wire type", () => {
    const known = toHex(hex(PING));
    const unknown = ["50 2a", "51 0102030405060708", "52 03 616263", "55 01020304", "f8 ff ff ff 0f 01"].map((field) => toHex(hex(field))).join("");
    expect(frameIn(hex(unknown + known + unknown))).toEqual(frameIn(hex(PING)));
  });

  it("echoes what it did not make: large numbers, negative ones, every text", () => {
    const frame: LarkFrame = {
      seqId: 2n ** 64n - 1n, logId: 2n ** 53n + 1n, service: -7, method: 1, headers: [{ key: "a", value: "1" }, { key: "a", value: "" }],
      payloadEncoding: "gzip", payloadType: "x", payload: new Uint8Array([0, 255]), logIdNew: "log-1",
    };
    const { payload: _replaced, ...echoed } = frameIn(encodeFrame(ackFrame(frame, { code: 500, tookMs: -3 })));
    const { payload: _given, headers, ...given } = frame;
    expect(echoed).toEqual({ ...given, headers: [...headers, { key: "biz_rt", value: "0" }] });
  });

  it("gives back every frame that it writes", () => {
    const text = fc.string({ unit: "binary" }).map((value) => value.toWellFormed());
    const frames = fc.record({
      seqId: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      logId: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      service: fc.integer(),
      method: fc.integer(),
      headers: fc.array(fc.record({ key: text, value: text }), { maxLength: 20 }),
      payloadEncoding: fc.option(text, { nil: undefined }),
      payloadType: fc.option(text, { nil: undefined }),
      payload: fc.option(fc.uint8Array().map((bytes) => Buffer.from(bytes)), { nil: undefined }),
      logIdNew: fc.option(text, { nil: undefined }),
    });
    fc.assert(fc.property(frames, (frame) => {
      expect(frameIn(encodeFrame(frame))).toEqual(frame);
    }), { seed: 54, numRuns: 300 });
  });

  it("never throws, whatever comes", () => {
    const read = (bytes: Uint8Array): void => {
      expect(decodeFrame(bytes)).toBeTypeOf("object");
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), read), { seed: 54, numRuns: 2_000 });
    const whole = hex(EVENT);
    const damaged = fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([at, byte]) => whole.map((old, index) => (index === at ? byte : old)));
    fc.assert(fc.property(damaged, read), { seed: 55, numRuns: 2_000 });
  });
});
