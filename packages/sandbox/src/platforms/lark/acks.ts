import * as v from "valibot";
import type { FrameData } from "../../faults/frame-damage.ts";
import type { SentAttempt } from "./deliveries.ts";
import { decodeFrame, headerOf, type LarkFrame } from "./frame.ts";

/** A frame of a client that is no ping. */
export interface LarkAck {
  readonly seq: number;
  /** Counts everything that the platform saw, so that a smaller one came first. */
  readonly order: number;
  /** Epoch ms. */
  readonly at: number;
  /** Id of the connection that it came on. */
  readonly connection: number;
  /** The header `message_id`. */
  readonly transportId?: string;
  /** What `say`, `click` or `push` gave; absent when it answers nothing that went out on this connection. */
  readonly id?: string;
  readonly eventId?: string;
  /** `code` of its payload. */
  readonly code?: number;
  /** `data` of its payload, out of its base64 and parsed where it is JSON. */
  readonly data?: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** What is wrong with its form, in words. */
  readonly problems: readonly string[];
  /** Whether it came after the 3 seconds. */
  readonly isLate: boolean;
  /** Whether it keeps the event from coming again. */
  readonly counts: boolean;
}

/** What the bytes of an ack say. */
export type ReadAck = Pick<LarkAck, "transportId" | "code" | "data" | "headers" | "problems">;

const PAYLOAD = v.pipe(v.string(), v.parseJson(), v.looseObject({ code: v.number(), data: v.optional(v.unknown()) }));

/** Reads a client's frame; text and broken bytes give words of what is wrong. */
export function readFrame(data: FrameData): LarkFrame | string {
  if (typeof data === "string") return "it is text, not binary";
  try {
    return decodeFrame(data);
  } catch (error) {
    return String(error);
  }
}

/** Reads an ack as far as it goes, and says what is wrong with it. Every shape of the official clients is right. */
export function readAck(frame: LarkFrame | string, sentOf: (transportId: string) => SentAttempt | undefined): ReadAck {
  if (typeof frame === "string") return { headers: {}, problems: [frame] };
  const transportId = headerOf(frame, "message_id");
  const payload = v.safeParse(PAYLOAD, Buffer.from(frame.payload ?? []).toString());
  return {
    headers: Object.fromEntries(frame.headers.map(({ key, value }) => [key, value])),
    problems: [
      ...(payload.success ? [] : ["the payload is no JSON object with a code"]),
      ...(/^-?\d+$/.test(headerOf(frame, "biz_rt") ?? "") ? [] : ["the header biz_rt is no whole number"]),
      ...problemsOfEcho(frame, transportId === undefined ? undefined : sentOf(transportId)),
    ],
    ...(transportId === undefined ? {} : { transportId }),
    ...(payload.success ? { code: payload.output.code, ...readData(payload.output.data) } : {}),
  };
}

/** All but the payload comes back as it was sent, with one header more. */
function problemsOfEcho(frame: LarkFrame, sent: SentAttempt | undefined): readonly string[] {
  const original = sent?.frames.find((part) => headerOf(part, "seq") === headerOf(frame, "seq"));
  if (original === undefined) return ["it answers no frame of this connection"];
  const fields = (["seqId", "logId", "service", "method", "payloadEncoding", "payloadType", "logIdNew"] as const).filter((name) => frame[name] !== original[name]);
  const headers = original.headers.filter(({ key, value }) => headerOf(frame, key) !== value);
  return [...fields.map((name) => `${name} is not that of the event`), ...headers.map(({ key }) => `the header ${key} is not that of the event`)];
}

const BASE64_JSON = v.pipe(v.string(), v.base64(), v.transform((text) => Buffer.from(text, "base64").toString()), v.parseJson());

function readData(data: unknown): { readonly data?: unknown } {
  if (data === undefined || data === null) return {};
  const result = v.safeParse(BASE64_JSON, data);
  return { data: result.success ? result.output : data };
}
