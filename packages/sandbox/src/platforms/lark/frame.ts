import { readFields, type WireField, writeBytes, writeNumber, writeText } from "./protobuf.ts";

/** A header of a frame; its value is always text, also of numbers. */
export interface LarkHeader {
  readonly key: string;
  readonly value: string;
}

/** One message on the long connection: the protobuf message `pbbp2.Frame`. */
export interface LarkFrame {
  readonly seqId: bigint;
  readonly logId: bigint;
  /** The `service_id` of the connection's URL. */
  readonly service: number;
  /** 0 for control, 1 for data. */
  readonly method: number;
  readonly headers: readonly LarkHeader[];
  readonly payloadEncoding?: string | undefined;
  readonly payloadType?: string | undefined;
  readonly payload?: Uint8Array | undefined;
  readonly logIdNew?: string | undefined;
}

/** Value of {@link LarkFrame.method} for pings and pongs. */
export const CONTROL = 0;
/** Its value for events and their acks. */
export const DATA = 1;

/** The bytes of a frame. The four required fields are written also when they are 0. */
export function encodeFrame({ seqId, logId, service, method, headers, payloadEncoding, payloadType, payload, logIdNew }: LarkFrame): Uint8Array {
  return Buffer.concat([
    writeNumber(1, seqId),
    writeNumber(2, logId),
    writeNumber(3, BigInt(service)),
    writeNumber(4, BigInt(method)),
    ...headers.map(({ key, value }) => writeBytes(5, Buffer.concat([writeText(1, key), writeText(2, value)]))),
    ...(payloadEncoding === undefined ? [] : [writeText(6, payloadEncoding)]),
    ...(payloadType === undefined ? [] : [writeText(7, payloadType)]),
    ...(payload === undefined ? [] : [writeBytes(8, payload)]),
    ...(logIdNew === undefined ? [] : [writeText(9, logIdNew)]),
  ]);
}

/**
 * Reads a frame; fields that no frame has are skipped.
 *
 * @throws TypeError that says what is wrong with the bytes.
 */
export function decodeFrame(bytes: Uint8Array): LarkFrame {
  const fields = readFields(bytes);
  return {
    seqId: numberOf(fields, 1),
    logId: numberOf(fields, 2),
    service: int32(numberOf(fields, 3)),
    method: int32(numberOf(fields, 4)),
    headers: fields.filter(({ id }) => id === 5).map(readHeader),
    payloadEncoding: textOf(fields, 6),
    payloadType: textOf(fields, 7),
    payload: bytesOf(fields, 8),
    logIdNew: textOf(fields, 9),
  };
}

/** The value of a frame's header; the last one counts. */
export function headerOf({ headers }: LarkFrame, key: string): string | undefined {
  return headers.findLast((header) => header.key === key)?.value;
}

function readHeader({ value }: WireField): LarkHeader {
  if (!(value instanceof Uint8Array)) throw new TypeError("a header is not a message");
  const fields = readFields(value);
  const key = textOf(fields, 1);
  const text = textOf(fields, 2);
  if (key === undefined || text === undefined) throw new TypeError("a header has no key or no value");
  return { key, value: text };
}

function numberOf(fields: readonly WireField[], id: number): bigint {
  const value = fields.findLast((field) => field.id === id)?.value;
  if (typeof value !== "bigint") throw new TypeError(`the required field ${id} is ${value === undefined ? "missing" : "no number"}`);
  return value;
}

function bytesOf(fields: readonly WireField[], id: number): Uint8Array | undefined {
  const value = fields.findLast((field) => field.id === id)?.value;
  if (typeof value === "bigint") throw new TypeError(`the field ${id} is a number`);
  return value;
}

function textOf(fields: readonly WireField[], id: number): string | undefined {
  const bytes = bytesOf(fields, id);
  return bytes === undefined ? undefined : new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

function int32(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}
