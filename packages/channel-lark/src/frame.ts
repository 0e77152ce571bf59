import { readFields, writeFields, type Field } from "./protobuf.ts";

/** One message of the long connection: protobuf `pbbp2.Frame`. */
export interface LarkFrame {
  /** The platform's numbers, up to 64 bits: echoed, never computed with. */
  readonly seqId: bigint;
  readonly logId: bigint;
  /** The `service_id` of the connection. */
  readonly service: number;
  /** 0 is control, 1 is data. */
  readonly method: number;
  /** In their order; a key may come twice. */
  readonly headers: readonly FrameHeader[];
  readonly payloadEncoding?: string | undefined;
  readonly payloadType?: string | undefined;
  readonly payload?: Uint8Array | undefined;
  readonly logIdNew?: string | undefined;
}

/** A header of a frame; its value is always text, also for numbers. */
export interface FrameHeader {
  readonly key: string;
  readonly value: string;
}

/** Bytes that are no frame. */
export interface Malformed {
  readonly malformed: string;
  /** How they begin, or how many there are. */
  readonly excerpt: string;
}

/** A frame has nine fields and about nine headers. */
const MAX_FIELDS = 256;

/** Reads a frame; fields that nobody knows are skipped. */
export function decodeFrame(bytes: Uint8Array): LarkFrame | Malformed {
  const fields = readFields(bytes, MAX_FIELDS);
  const frame = "malformed" in fields ? fields.malformed : frameOf(fields);
  return typeof frame === "string" ? { malformed: frame, excerpt: Buffer.from(bytes.subarray(0, 32)).toString("hex") } : frame;
}

/** The frame, or what is wrong with it. */
function frameOf(fields: readonly Field[]): LarkFrame | string {
  const numbers: (bigint | undefined)[] = [];
  const texts: (Uint8Array | undefined)[] = [];
  const headers: FrameHeader[] = [];
  for (const { number, value } of fields) {
    if (number > 9 || number === 0) continue;
    if ((number <= 4) !== (typeof value === "bigint")) return `field ${number} has the wrong wire type`;
    if (typeof value === "bigint") numbers[number] = value;
    else if (number !== 5) texts[number] = value;
    else {
      const header = headerOf(value);
      if (header === undefined) return "a header that cannot be read";
      headers.push(header);
    }
  }
  const [, seqId, logId, service, method] = numbers;
  if (seqId === undefined || logId === undefined || service === undefined || method === undefined) return "a required field is missing";
  return {
    seqId,
    logId,
    service: Number(BigInt.asIntN(32, service)),
    method: Number(BigInt.asIntN(32, method)),
    headers,
    payloadEncoding: textOf(texts[6]),
    payloadType: textOf(texts[7]),
    payload: texts[8],
    logIdNew: textOf(texts[9]),
  };
}

function headerOf(bytes: Uint8Array): FrameHeader | undefined {
  const fields = readFields(bytes, MAX_FIELDS);
  if ("malformed" in fields) return undefined;
  const [key, value] = [1, 2].map((wanted) => fields.findLast(({ number }) => number === wanted)?.value);
  return key instanceof Uint8Array && value instanceof Uint8Array ? { key: textOf(key), value: textOf(value) } : undefined;
}

function textOf(bytes: Uint8Array): string;
function textOf(bytes: Uint8Array | undefined): string | undefined;
function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}

/** The bytes of a frame. The four numbers are always there, also when they are 0: the platform's decoder needs them. */
export function encodeFrame(frame: LarkFrame): Uint8Array {
  return writeFields([
    { number: 1, value: frame.seqId },
    { number: 2, value: frame.logId },
    { number: 3, value: BigInt(frame.service) },
    { number: 4, value: BigInt(frame.method) },
    ...frame.headers.map(({ key, value }) => ({ number: 5, value: writeFields([{ number: 1, value: key }, { number: 2, value }]) })),
    { number: 6, value: frame.payloadEncoding },
    { number: 7, value: frame.payloadType },
    { number: 8, value: frame.payload },
    { number: 9, value: frame.logIdNew },
  ]);
}

/** The value of a header; the first one where its key comes twice. */
export function headerValue({ headers }: LarkFrame, key: string): string | undefined {
  return headers.find((header) => header.key === key)?.value;
}

/** The client's sign of life, which the platform answers with a pong. */
export function pingFrame(service: number): LarkFrame {
  return { seqId: 0n, logId: 0n, service, method: 0, headers: [{ key: "type", value: "ping" }] };
}

/** What an acknowledgment says: 500 makes the platform deliver again. */
export interface AckContent {
  readonly code: 200 | 500;
  /** The answer to a callback, for whoever clicked. */
  readonly answer?: unknown;
  /** How long handling took. */
  readonly tookMs: number;
}

/** The acknowledgment of a data frame: everything it came with, and our answer as its payload. */
export function ackFrame(frame: LarkFrame, { code, answer, tookMs }: AckContent): LarkFrame {
  const data = answer === undefined ? undefined : Buffer.from(JSON.stringify(answer)).toString("base64");
  return {
    ...frame,
    headers: [...frame.headers, { key: "biz_rt", value: String(Math.max(0, Math.round(tookMs))) }],
    payload: Buffer.from(JSON.stringify({ code, data })),
  };
}
