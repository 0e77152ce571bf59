import * as v from "valibot";
import { LIMITS } from "./limits.ts";

/** The switches of what an app calls. */
export interface RestBehaviour {
  /** Calls of one API in any second, and in any minute; default 50 and 1,000. */
  readonly callsPerSecond: number;
  readonly callsPerMinute: number;
  /** HTTP status of the refusal then: 429 (default), or 400 as old APIs have it. */
  readonly rateLimitStatus: 400 | 429;
  /** Messages into one chat in any second; default 5. */
  readonly chatMessagesPerSecond: number;
  /** Patches of one message in any second; default 5. */
  readonly patchesPerSecond: number;
  /** Operations on one card entity in any second; default 10. */
  readonly cardCallsPerSecond: number;
  /** Tables in one card; default 3. */
  readonly cardTableCount: number;
  /** When the streaming mode closes by itself; default 10 min. */
  readonly streamLifeMs: number;
  /** What a stream that closed by itself is refused with; default 300309. */
  readonly streamTimeoutCode: 200850 | 300309;
  /** How long a text or post may be edited; default 0, for ever. */
  readonly editWindowMs: number;
}

/** How a fresh platform behaves. */
export const DEFAULT_REST_BEHAVIOUR: RestBehaviour = {
  callsPerSecond: LIMITS.callsPerSecond,
  callsPerMinute: LIMITS.callsPerMinute,
  rateLimitStatus: 429,
  chatMessagesPerSecond: LIMITS.chatMessagesPerSecond,
  patchesPerSecond: LIMITS.patchesPerSecond,
  cardCallsPerSecond: LIMITS.cardCallsPerSecond,
  cardTableCount: LIMITS.cardTableCount,
  streamLifeMs: LIMITS.streamLifeMs,
  streamTimeoutCode: 300309,
  editWindowMs: 0,
};

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const rate = v.exactOptional(v.pipe(whole, v.minValue(1), v.maxValue(LIMITS.keptCount)));

type Switch<T> = v.ExactOptionalSchema<v.GenericSchema<unknown, T>, undefined>;

/** The entries of a schema that reads some of these switches. */
export const REST_SWITCHES: { readonly [Name in keyof RestBehaviour]: Switch<RestBehaviour[Name]> } = {
  callsPerSecond: rate,
  callsPerMinute: rate,
  rateLimitStatus: v.exactOptional(v.picklist([400, 429])),
  chatMessagesPerSecond: rate,
  patchesPerSecond: rate,
  cardCallsPerSecond: rate,
  cardTableCount: v.exactOptional(whole),
  streamLifeMs: v.exactOptional(whole),
  streamTimeoutCode: v.exactOptional(v.picklist([200850, 300309])),
  editWindowMs: v.exactOptional(whole),
};
