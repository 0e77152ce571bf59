import { excerpt } from "@revka/core";
import * as v from "valibot";
import * as lenient from "./lenient.ts";
import { decodeRobotMessage, type RobotMessage } from "./robot-message.ts";

/** The one topic that we subscribe to. */
export const ROBOT_TOPIC = "/v1.0/im/bot/messages/get";

/** A frame of the stream, read as far as it needs to be for routing. */
export interface StreamFrame {
  readonly type: string;
  readonly topic: string;
  /** Of this delivery; an acknowledgment names it. */
  readonly messageId?: string | undefined;
  /** The platform's clock, epoch ms. */
  readonly sentAt?: number | undefined;
  /** As it came: JSON text. */
  readonly data: string;
}

/** Bytes that are no frame. */
export interface Malformed {
  readonly malformed: string;
  /** How they begin. */
  readonly excerpt: string;
}

/** What goes back for a frame. */
export interface StreamAck {
  /** 200, or 404 for a topic that nobody asked for. */
  readonly code: 200 | 404;
  readonly message: string;
  readonly messageId: string;
  /** JSON text. */
  readonly data: string;
}

const headersSchema = v.object({ topic: lenient.text, messageId: lenient.key, time: lenient.number });
const frameSchema = v.object({ type: v.string(), headers: lenient.record, header: lenient.record, data: v.optional(v.unknown()) });

/** Reads a frame. One of the platform's samples spells `headers` as `header`. */
export function decodeFrame(bytes: string | Uint8Array): StreamFrame | Malformed {
  if (typeof bytes !== "string") return { malformed: "a binary frame", excerpt: Buffer.from(bytes.subarray(0, 32)).toString("hex") };
  const frame = v.safeParse(v.pipe(v.string(), v.parseJson(), frameSchema), bytes);
  if (!frame.success) return { malformed: "not a frame of the stream", excerpt: excerpt(bytes, 80) };
  const { type, headers, header, data } = frame.output;
  const { topic = "", messageId, time } = v.parse(headersSchema, { ...header, ...headers });
  return { type, topic, messageId, sentAt: time, data: textOfData(data) };
}

function textOfData(data: unknown): string {
  if (typeof data === "string") return data;
  return data === undefined || data === null ? "" : JSON.stringify(data);
}

/** The robot message in a frame; undefined when its body is none. */
export function robotMessageOf({ data }: StreamFrame): RobotMessage | undefined {
  return decodeRobotMessage(data);
}

/** The bytes of an acknowledgment. */
export function encodeAck({ code, message, messageId, data }: StreamAck): string {
  return JSON.stringify({ code, message, headers: { messageId, contentType: "application/json" }, data });
}

/** What registering takes. */
export interface Registration {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Name and version of this program. */
  readonly userAgent: string;
}

/** The body of a registration, for robot messages alone: events would cost the organisation's quota. */
export function encodeRegistration({ clientId, clientSecret, userAgent }: Registration): unknown {
  return { clientId, clientSecret, subscriptions: [{ type: "CALLBACK", topic: ROBOT_TOPIC }], ua: userAgent };
}

/** Where to connect to. The ticket opens one connection. */
export interface Endpoint {
  readonly url: string;
  readonly ticket: string;
}

const endpointSchema = v.pipe(v.string(), v.parseJson(), v.object({ endpoint: lenient.id, ticket: lenient.id }));

/** Reads the answer to a registration; undefined when it lacks something. */
export function decodeEndpoint(body: string): Endpoint | undefined {
  const answer = v.safeParse(endpointSchema, body);
  if (!answer.success) return undefined;
  const { endpoint: url, ticket } = answer.output;
  return url === undefined || ticket === undefined ? undefined : { url, ticket };
}
