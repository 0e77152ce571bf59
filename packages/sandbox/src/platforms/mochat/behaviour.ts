import * as v from "valibot";
import { LIMITS } from "./limits.ts";

/**
 * The shapes of a receive answer that clients must read.
 *
 * `R1` `{"code":0,"data":[…]}`, `R2` `{"messages":[…]}`, `R3-messages` and `R3-list` an object in `data`, `R4` a bare
 * array, `R5` an empty `data` array beside `messages`, `R6` a null `data` beside `messages`, `R7-…` no messages at all,
 * `R8` a body code of 500, `R9-…` a JSON scalar.
 */
export type MochatShape = (typeof SHAPES)[number];

/** The ids that new messages get. */
export type MochatIdKind = (typeof ID_KINDS)[number];

/** Every switch of the emulated Mochat server. */
export interface MochatBehaviour {
  /** Shape of a receive answer; default `"R1"`. */
  readonly shape: MochatShape;
  /** Body code of a successful receive answer in the shapes that have one; default 0. */
  readonly receiveCode: number | string;
  /** Order within one answer; default `"oldest-first"`. */
  readonly order: "oldest-first" | "newest-first";
  /** What `since_id` does: messages after it (default), also the message itself, or nothing (then the newest page comes). */
  readonly sinceId: "after" | "inclusive" | "ignored";
  /** Answer to a `since_id` that no retained message has: everything (default), nothing, or an HTTP status. */
  readonly unknownSinceId: "everything" | "empty" | 400 | 404 | 410;
  /** Messages in one answer; default 100. */
  readonly pageSize: number;
  /** The key that tells whether more messages wait; default none. The bare array of `R4` has no room for it. */
  readonly hasMore: "absent" | "has_more" | "hasMore";
  /**
   * Ids of new messages: `m-<n>` (default `"text"`), `n`, an integer above 2^53 that keeps its digits, text with reserved
   * characters, no id key, an empty text, or one id for every two messages.
   */
  readonly ids: MochatIdKind;
  /** Messages that are kept for polling, oldest out; default 100,000. */
  readonly retention: number;
  /** Answer to a wrong token: an HTTP status, or 200 with code 401 in the body; default 401. */
  readonly authRefusal: 401 | 403 | 200;
  /** Health answer; default 200. `"redirect"` leads to a path of this platform, `"hang"` never answers. */
  readonly health: 200 | 204 | 401 | 503 | "redirect" | "hang";
  /** Body code of a good send; `null` leaves it out. Other than 0 and 200, the message is refused. Default 0. */
  readonly sendCode: number | string | null;
  /** Key of the text beside it; default `"msg"`. */
  readonly sendTextKey: "msg" | "message" | "none";
  /** Whether a repeated `Idempotency-Key` header gets the first answer again and stores nothing; default true. */
  readonly idempotency: boolean;
}

const SHAPES = [
  "R1", "R2", "R3-messages", "R3-list", "R4", "R5", "R6", "R7-code", "R7-empty", "R7-null", "R7-204", "R8", "R9-number", "R9-string",
] as const;

const ID_KINDS = ["text", "number", "big-number", "reserved", "missing", "empty", "duplicate"] as const;

/** How a fresh server behaves. */
export const DEFAULT_BEHAVIOUR: MochatBehaviour = {
  shape: "R1",
  receiveCode: 0,
  order: "oldest-first",
  sinceId: "after",
  unknownSinceId: "everything",
  pageSize: LIMITS.pageCount,
  hasMore: "absent",
  ids: "text",
  retention: LIMITS.retainedCount,
  authRefusal: 401,
  health: 200,
  sendCode: 0,
  sendTextKey: "msg",
  idempotency: true,
};

const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const code = v.union([v.number(), v.string()]);

/** Some switches, strictly: an unknown name is refused. */
export const BEHAVIOUR: v.GenericSchema<unknown, Partial<MochatBehaviour>> = v.strictObject({
  shape: v.exactOptional(v.picklist(SHAPES)),
  receiveCode: v.exactOptional(code),
  order: v.exactOptional(v.picklist(["oldest-first", "newest-first"])),
  sinceId: v.exactOptional(v.picklist(["after", "inclusive", "ignored"])),
  unknownSinceId: v.exactOptional(v.picklist(["everything", "empty", 400, 404, 410])),
  pageSize: v.exactOptional(positive),
  hasMore: v.exactOptional(v.picklist(["absent", "has_more", "hasMore"])),
  ids: v.exactOptional(v.picklist(ID_KINDS)),
  retention: v.exactOptional(v.pipe(positive, v.maxValue(LIMITS.retainedCount))),
  authRefusal: v.exactOptional(v.picklist([401, 403, 200])),
  health: v.exactOptional(v.picklist([200, 204, 401, 503, "redirect", "hang"])),
  sendCode: v.exactOptional(v.nullable(code)),
  sendTextKey: v.exactOptional(v.picklist(["msg", "message", "none"])),
  idempotency: v.exactOptional(v.boolean()),
});
