/** A field of a protobuf message as it stands on the wire. */
export interface WireField {
  readonly id: number;
  /** A varint (64 bits, unsigned), or the bytes of any other kind. */
  readonly value: bigint | Uint8Array;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
/** 64 bits in groups of seven. */
const MAX_VARINT_BYTES = 10;

/** A number; a negative one takes ten bytes, as `int32` does. */
export function writeNumber(id: number, value: bigint): Uint8Array {
  return Uint8Array.from([...varint(BigInt(id << 3)), ...varint(value)]);
}

/** Bytes, or a message inside a message. */
export function writeBytes(id: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.from([...varint(BigInt((id << 3) | BYTES)), ...varint(BigInt(value.length))]), value]);
}

/** A text, in UTF-8. */
export function writeText(id: number, value: string): Uint8Array {
  return writeBytes(id, Buffer.from(value));
}

/**
 * The fields of a message, in order.
 *
 * @throws TypeError that says what is wrong with the bytes.
 */
export function readFields(bytes: Uint8Array): readonly WireField[] {
  const reader = createReader(bytes);
  const fields: WireField[] = [];
  while (!reader.isDone()) {
    const tag = reader.varint();
    fields.push({ id: Number(tag >> 3n), value: readValue(reader, Number(tag & 7n)) });
  }
  return fields;
}

function readValue(reader: Reader, wireType: number): bigint | Uint8Array {
  switch (wireType) {
    case VARINT:
      return reader.varint();
    case BYTES:
      return reader.take(Number(reader.varint()));
    case FIXED64:
      return reader.take(8);
    case FIXED32:
      return reader.take(4);
    default:
      throw new TypeError(`no field has the wire type ${wireType}`);
  }
}

interface Reader {
  readonly isDone: () => boolean;
  readonly varint: () => bigint;
  readonly take: (length: number) => Uint8Array;
}

function createReader(bytes: Uint8Array): Reader {
  let at = 0;
  return {
    isDone: () => at === bytes.length,
    varint: () => {
      let value = 0n;
      for (let count = 0; count < MAX_VARINT_BYTES; count += 1) {
        const byte = bytes[at];
        if (byte === undefined) throw new TypeError(`the bytes end inside the varint at ${at}`);
        at += 1;
        value |= BigInt(byte & 0x7f) << BigInt(7 * count);
        if (byte < 0x80) return BigInt.asUintN(64, value);
      }
      throw new TypeError(`the varint before byte ${at} has no end`);
    },
    take: (length) => {
      if (length > bytes.length - at) throw new TypeError(`the bytes end inside the field at ${at}`);
      at += length;
      return bytes.subarray(at - length, at);
    },
  };
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}
