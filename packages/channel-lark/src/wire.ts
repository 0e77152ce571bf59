import * as v from "valibot";
import type { Malformed } from "./frame.ts";

/** An event as the platform sends it. */
export interface EventEnvelope {
  readonly header: EventHeader;
  /** Depends on the type. */
  readonly event: unknown;
}

/** What an event says of itself. */
export interface EventHeader {
  /** `"im.message.receive_v1"`; empty where there is none that we know, as in the old version 1. */
  readonly eventType: string;
  /** The same each time an event is delivered. */
  readonly eventId?: string | undefined;
  /** The app's verification token. */
  readonly token?: string | undefined;
  readonly appId?: string | undefined;
}

const jsonSchema = v.pipe(v.string(), v.parseJson());
const text = v.fallback(v.optional(v.string()), undefined);
const headerSchema = v.fallback(v.object({ event_id: text, event_type: v.fallback(v.string(), ""), token: text, app_id: text }), {
  event_id: undefined, event_type: "", token: undefined, app_id: undefined,
});
const envelopeSchema = v.object({ header: headerSchema, token: text, event: v.optional(v.unknown()) });

/** Reads an event; one of version 1 has its token at the top, and no type that anybody handles. */
export function parseEnvelope(json: unknown): EventEnvelope | undefined {
  const envelope = v.safeParse(envelopeSchema, json);
  if (!envelope.success) return undefined;
  const { header, token, event } = envelope.output;
  if (header.event_type === "" && event === undefined) return undefined;
  return { header: { eventType: header.event_type, eventId: header.event_id, token: header.token ?? token, appId: header.app_id }, event };
}

/** Reads the payload of a data frame. Of one that cannot be read only the size is told: it may hold words, and a token. */
export function decodeEvent(payload: Uint8Array): EventEnvelope | Malformed {
  const json = v.safeParse(jsonSchema, new TextDecoder().decode(payload));
  const envelope = json.success ? parseEnvelope(json.output) : undefined;
  return envelope ?? { malformed: "an event that cannot be read", excerpt: `${payload.length} bytes` };
}

/** How the platform wants a connection to be kept; what it does not say, or not in numbers, is absent. */
export interface ClientConfig {
  /** Attempts to connect again; any negative number: for ever. */
  readonly reconnectCount?: number | undefined;
  /** Between two attempts. */
  readonly reconnectIntervalMs?: number | undefined;
  /** The first attempt waits anything up to this. */
  readonly reconnectNonceMs?: number | undefined;
  readonly pingIntervalMs?: number | undefined;
}

const whole = v.fallback(v.optional(v.pipe(v.number(), v.safeInteger())), undefined);
const clientConfigSchema = v.object({ ReconnectCount: whole, ReconnectInterval: whole, ReconnectNonce: whole, PingInterval: whole });

/** Reads a `ClientConfig`, which is in seconds. */
export function parseClientConfig(json: unknown): ClientConfig {
  const config = v.safeParse(clientConfigSchema, json);
  if (!config.success) return {};
  const { ReconnectCount: reconnectCount, ReconnectInterval: interval, ReconnectNonce: nonce, PingInterval: ping } = config.output;
  return { reconnectCount, reconnectIntervalMs: inMs(interval), reconnectNonceMs: inMs(nonce), pingIntervalMs: inMs(ping) };
}

/** Reads the payload of a pong; most have none. */
export function decodePong(payload: Uint8Array | undefined): ClientConfig {
  const json = v.safeParse(jsonSchema, new TextDecoder().decode(payload));
  return json.success ? parseClientConfig(json.output) : {};
}

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}
