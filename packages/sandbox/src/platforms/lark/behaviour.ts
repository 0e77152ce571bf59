import * as v from "valibot";
import type { Routing } from "../routing.ts";
import { LIMITS } from "./limits.ts";
import { DEFAULT_REST_BEHAVIOUR, REST_SWITCHES, type RestBehaviour } from "./rest-behaviour.ts";

/** Every switch of the emulated Lark. */
export interface LarkBehaviour extends RestBehaviour, Routing {
  /** Life of a tenant access token; default 2 h. With less than half an hour left, another one is given. */
  readonly tokenLifeMs: number;
  /** HTTP status of a refused token request; default 200. */
  readonly tokenRefusalStatus: 200 | 400;
  /** Answer to a tenant access token that is not good (any more); default HTTP 400 with 99991663. */
  readonly badTokenStatus: 400 | 401;
  readonly badTokenCode: number;
  /** What clients are told about pings and reconnects; default -1 (for ever), 120 s, 30 s and 120 s. */
  readonly reconnectCount: number;
  readonly reconnectIntervalSecs: number;
  readonly reconnectNonceSecs: number;
  readonly pingIntervalSecs: number;
  /** What a pong carries: the above (default), nothing, or this object. */
  readonly pong: "config" | "none" | Readonly<Record<string, unknown>>;
  /** How the URL of a connection is written; default `"usual"`. */
  readonly endpointUrl: "usual" | "without-service-id" | "http";
  /** How long a URL opens a connection, and how many; default 5 min and 1. */
  readonly ticketLifeMs: number;
  readonly ticketUses: number;
  /** `SeqID` and `LogID` of frames; default `"small"`, since the official Node client rounds those beyond 2^53. */
  readonly frameIds: "small" | "big";
  /** Connections at one time; default 50. */
  readonly connectionCount: number;
  /** How long the bot has to answer an event; default 3 s, for the webhook's challenge 1 s. */
  readonly ackWindowMs: number;
  readonly challengeWindowMs: number;
  /** When an unanswered event comes again, each counted from the time before; default 15 s, 5 min, 1 h and 6 h. */
  readonly retryAfterMs: readonly number[];
  /** The frame header `message_id` then; default `"new"`. */
  readonly redeliveredId: "new" | "same";
  /** Whether clicks on cards come again, too; default false. */
  readonly retriesClicks: boolean;
  /** Whether an ack with any fault in its form counts for nothing; default false: knowing the `message_id` is enough. */
  readonly strictAcks: boolean;
  /** Which messages come from groups: all (default), or only those that mention the bot, as without the scope `im:message.group_msg`. */
  readonly groupMessages: "all" | "mentioned";
  /** Whether `mentions` names everybody where a text says `@_all`; default false. */
  readonly listsMentionOfAll: boolean;
  /** Whether events name the `user_id`; default false, as without its scope. */
  readonly showsUserIds: boolean;
  /** How the bot's own data are given; default `"usual"`. */
  readonly botInfo: "usual" | "under-data" | "without-open-id";
}

/** How a fresh platform behaves. */
export const DEFAULT_BEHAVIOUR: LarkBehaviour = {
  ...DEFAULT_REST_BEHAVIOUR,
  tokenLifeMs: LIMITS.tokenLifeMs,
  tokenRefusalStatus: 200,
  badTokenStatus: 400,
  badTokenCode: 99991663,
  reconnectCount: -1,
  reconnectIntervalSecs: 120,
  reconnectNonceSecs: 30,
  pingIntervalSecs: 120,
  pong: "config",
  endpointUrl: "usual",
  ticketLifeMs: LIMITS.ticketLifeMs,
  ticketUses: 1,
  frameIds: "small",
  connectionCount: LIMITS.connectionCount,
  routing: "random",
  routingSeed: 1,
  ackWindowMs: LIMITS.ackWindowMs,
  challengeWindowMs: LIMITS.challengeWindowMs,
  retryAfterMs: LIMITS.retryAfterMs,
  redeliveredId: "new",
  retriesClicks: false,
  strictAcks: false,
  groupMessages: "all",
  listsMentionOfAll: false,
  showsUserIds: false,
  botInfo: "usual",
};

const integer = v.pipe(v.number(), v.integer());
const whole = v.pipe(integer, v.minValue(0));
const positive = v.pipe(whole, v.minValue(1));

/** Some switches, strictly: an unknown name is refused. */
export const BEHAVIOUR: v.GenericSchema<unknown, Partial<LarkBehaviour>> = v.strictObject({
  ...REST_SWITCHES,
  tokenLifeMs: v.exactOptional(whole),
  tokenRefusalStatus: v.exactOptional(v.picklist([200, 400])),
  badTokenStatus: v.exactOptional(v.picklist([400, 401])),
  badTokenCode: v.exactOptional(positive),
  reconnectCount: v.exactOptional(integer),
  reconnectIntervalSecs: v.exactOptional(v.number()),
  reconnectNonceSecs: v.exactOptional(v.number()),
  pingIntervalSecs: v.exactOptional(v.number()),
  pong: v.exactOptional(v.union([v.picklist(["config", "none"]), v.record(v.string(), v.unknown())])),
  endpointUrl: v.exactOptional(v.picklist(["usual", "without-service-id", "http"])),
  ticketLifeMs: v.exactOptional(whole),
  ticketUses: v.exactOptional(positive),
  frameIds: v.exactOptional(v.picklist(["small", "big"])),
  connectionCount: v.exactOptional(whole),
  routing: v.exactOptional(v.picklist(["random", "newest", "oldest"])),
  routingSeed: v.exactOptional(whole),
  ackWindowMs: v.exactOptional(positive),
  challengeWindowMs: v.exactOptional(positive),
  retryAfterMs: v.exactOptional(v.pipe(v.array(positive), v.maxLength(1_000))),
  redeliveredId: v.exactOptional(v.picklist(["new", "same"])),
  retriesClicks: v.exactOptional(v.boolean()),
  strictAcks: v.exactOptional(v.boolean()),
  groupMessages: v.exactOptional(v.picklist(["all", "mentioned"])),
  listsMentionOfAll: v.exactOptional(v.boolean()),
  showsUserIds: v.exactOptional(v.boolean()),
  botInfo: v.exactOptional(v.picklist(["usual", "under-data", "without-open-id"])),
});
