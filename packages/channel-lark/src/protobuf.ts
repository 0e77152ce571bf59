/** One field of a protobuf message, as far as its wire type tells: a number, or bytes. */
export interface Field {
  readonly number: number;
  /** Varints are unsigned here; fixed-width numbers are not used by anything we read, and come as bytes. */
  readonly value: bigint | Uint8Array;
}

/** Why bytes are no protobuf message. */
export interface BadBytes {
  readonly malformed: string;
}

/** A 64-bit varint takes ten bytes at most. */
const MAX_VARINT_BYTES = 10;

/** The fields of a message, in their order; repeated ones come as often as they are there. Groups are refused. */
export function readFields(bytes: Uint8Array, maxCount: number): readonly Field[] | BadBytes {
  const fields: Field[] = [];
  let at = 0;
  while (at < bytes.length) {
    const field = readField(bytes, at);
    if ("malformed" in field) return field;
    if (fields.push(field) > maxCount) return { malformed: `more than ${maxCount} fields` };
    at = field.end;
  }
  return fields;
}

type Placed<T> = T & { readonly end: number };

function readField(bytes: Uint8Array, start: number): Placed<Field> | BadBytes {
  const tag = readVarint(bytes, start);
  if ("malformed" in tag) return tag;
  const number = Number(tag.value >> 3n);
  switch (tag.value & 7n) {
    case 0n: {
      const varint = readVarint(bytes, tag.end);
      return "malformed" in varint ? varint : { number, ...varint };
    }
    case 1n:
      return take(bytes, { number, from: tag.end, length: 8 });
    case 2n: {
      const length = readVarint(bytes, tag.end);
      return "malformed" in length ? length : take(bytes, { number, from: length.end, length: Number(length.value) });
    }
    case 5n:
      return take(bytes, { number, from: tag.end, length: 4 });
    default:
      return { malformed: `an unknown wire type at byte ${start}` };
  }
}

function take(bytes: Uint8Array, { number, from, length }: { readonly number: number; readonly from: number; readonly length: number }): Placed<Field> | BadBytes {
  const end = from + length;
  return end > bytes.length ? { malformed: `truncated at byte ${from}` } : { number, value: bytes.subarray(from, end), end };
}

function readVarint(bytes: Uint8Array, start: number): Placed<{ readonly value: bigint }> | BadBytes {
  let value = 0n;
  for (let index = 0; index < MAX_VARINT_BYTES; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) return { malformed: `truncated at byte ${start + index}` };
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), end: start + index + 1 };
  }
  return { malformed: `a varint without end at byte ${start}` };
}

/** The bytes of a message with these fields, in this order; absent ones are left out. */
export function writeFields(fields: readonly { readonly number: number; readonly value: bigint | Uint8Array | string | undefined }[]): Uint8Array {
  return Buffer.concat(
    fields.flatMap(({ number, value }) => {
      if (value === undefined) return [];
      if (typeof value === "bigint") return [writeVarint(BigInt(number) << 3n), writeVarint(BigInt.asUintN(64, value))];
      const bytes = Buffer.from(value);
      return [writeVarint((BigInt(number) << 3n) | 2n), writeVarint(BigInt(bytes.length)), bytes];
    }),
  );
}

function writeVarint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
