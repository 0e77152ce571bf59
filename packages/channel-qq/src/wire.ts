import { excerpt } from "@revka/core";
import * as v from "valibot";
import * as lenient from "./lenient.ts";

/** What a frame is about. */
export const OPCODES = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  resume: 6,
  reconnect: 7,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
} as const;

/** Private messages and groups that mention the bot: all that we ask for. */
const INTENTS = (1 << 25) >>> 0;

/** A frame of the gateway. */
export interface GatewayFrame {
  readonly op: number;
  /** Of a dispatch: its number within the session. */
  readonly sequence: number | undefined;
  /** Of a dispatch: the event's type. */
  readonly type: string | undefined;
  readonly data: unknown;
}

/** Bytes that are no frame. */
export interface Malformed {
  readonly malformed: string;
  /** How they begin. */
  readonly excerpt: string;
}

const frameSchema = v.object({ op: v.pipe(v.number(), v.integer()), s: lenient.number, t: lenient.id, d: v.optional(v.unknown()) });

/** Reads a frame. */
export function decodeFrame(bytes: string | Uint8Array): GatewayFrame | Malformed {
  if (typeof bytes !== "string") return { malformed: "a binary frame", excerpt: Buffer.from(bytes.subarray(0, 32)).toString("hex") };
  const frame = v.safeParse(v.pipe(v.string(), v.parseJson(), frameSchema), bytes);
  if (!frame.success) return { malformed: "not a frame of the gateway", excerpt: excerpt(bytes, 80) };
  const { op, s, t, d } = frame.output;
  return { op, sequence: s !== undefined && Number.isSafeInteger(s) && s >= 0 ? s : undefined, type: t, data: d };
}

const helloSchema = v.pipe(lenient.record, v.object({ heartbeat_interval: lenient.number }));
const readySchema = v.pipe(lenient.record, v.object({ session_id: lenient.id, user: v.pipe(lenient.record, v.object({ id: lenient.id })) }));

/** The interval of heartbeats that a Hello asks for, in ms. */
export function heartbeatIntervalOf(data: unknown): number | undefined {
  return lenient.read(helloSchema, data).heartbeat_interval;
}

/** The session that a READY opens, and who the bot is. */
export function sessionOf(data: unknown): { readonly sessionId: string | undefined; readonly botId: string | undefined } {
  const { session_id, user } = lenient.read(readySchema, data);
  return { sessionId: session_id, botId: user.id };
}

/** A heartbeat: the number of the last dispatch that is done with. */
export function encodeHeartbeat(sequence: number | undefined): string {
  return JSON.stringify({ op: OPCODES.heartbeat, d: sequence ?? null });
}

/** Asks for a new session. */
export function encodeIdentify(token: string): string {
  const properties = { $os: process.platform, $browser: "revka-channels", $device: "revka-channels" };
  return JSON.stringify({ op: OPCODES.identify, d: { token: `QQBot ${token}`, intents: INTENTS, shard: [0, 1], properties } });
}

/** Asks to go on with a session, after the dispatch of this number. */
export function encodeResume(token: string, sessionId: string, sequence: number): string {
  return JSON.stringify({ op: OPCODES.resume, d: { token: `QQBot ${token}`, session_id: sessionId, seq: sequence } });
}
