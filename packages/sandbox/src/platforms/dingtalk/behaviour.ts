import * as v from "valibot";
import { LIMITS } from "./limits.ts";

/** Every switch of the emulated DingTalk. */
export interface DingtalkBehaviour {
  /** How long a ticket opens a connection; default 90 s. */
  readonly ticketLifeMs: number;
  /** How many connections it opens; default 1. */
  readonly ticketUses: number;
  /** Answer to a handshake with a bad ticket; default 401. */
  readonly badTicketStatus: number;
  /** Whether a registration without `Accept: application/json` is answered in XML; default true. */
  readonly xmlWithoutAccept: boolean;
  /** Whether a new connection is told `CONNECTED` and `REGISTERED`, as some are; default false. */
  readonly greets: boolean;
  /** Time between `SYSTEM` pings; default 30 s, 0 for none. Connections that are open keep theirs. */
  readonly pingPeriodMs: number;
  /** Unanswered pings in a row that end a connection; default 3. */
  readonly missedPings: number;
  /** Age at which a connection is told to `disconnect`; default 0, never. Connections that are open keep theirs. */
  readonly disconnectAfterMs: number;
  /** From there to the end of TCP; default 10 s. */
  readonly graceMs: number;
  /** Which of several connections gets a message; default `"random"`. */
  readonly routing: "random" | "newest" | "oldest";
  /** Start of the random order, so that it is the same in every run; default 1. */
  readonly routingSeed: number;
  /** When an unanswered message is sent again; default 60 s. */
  readonly redeliverAfterMs: number;
  /** How often; default 1. */
  readonly redeliveries: number;
  /** Its `headers.messageId` then; default `"new"`. `data.msgId` never changes. */
  readonly redeliveredId: "new" | "same";
  /** Whether an answer with any fault in its form counts for nothing; default false: knowing the `messageId` is enough. */
  readonly strictAcks: boolean;
  /** How numbers of time, and the numeric `conversationType`, are written; default as the samples do. */
  readonly numbersAs: "usual" | "number" | "string";
  /** How `content` is written; default `"object"`. */
  readonly contentAs: "object" | "json";
  /** How `data` of a frame is written; default `"json"`. */
  readonly dataAs: "json" | "object";
  /** Life of a session webhook; default 90 min. */
  readonly webhookLifeMs: number;
  /** Whether every message brings another webhook; default false: a conversation keeps its own, which lives longer. */
  readonly rotatesWebhooks: boolean;
  /** Longest body of a webhook call in bytes; default 20,000. */
  readonly bodyBytes: number;
  /** Messages of one webhook in any 60 s; default 20. */
  readonly messagesPerMinute: number;
  /** Calls of one interface in any second; default 20. */
  readonly callsPerSecond: number;
  /** Messages to the robot before the quota is spent and they come without content; default `null`, never. */
  readonly quota: number | null;
  /** Keys of the notice that comes then; default `"errorCode"`, with `errorMessage`. */
  readonly quotaKeys: "errorCode" | "errCode";
  /** Life of an access token; default 2 h. */
  readonly tokenLifeMs: number;
  /** Answer to a bad access token; default 400. */
  readonly badTokenStatus: 400 | 401;
  /** Life of a download code; default 24 h. */
  readonly downloadCodeLifeMs: number;
  /** Staff ids that the robot API reports as unknown, or as under flow control; default none. */
  readonly invalidStaffIds: readonly string[];
  readonly flowControlledStaffIds: readonly string[];
}

/** How a fresh DingTalk behaves. */
export const DEFAULT_BEHAVIOUR: DingtalkBehaviour = {
  ticketLifeMs: LIMITS.ticketLifeMs,
  ticketUses: LIMITS.ticketUses,
  badTicketStatus: 401,
  xmlWithoutAccept: true,
  greets: false,
  pingPeriodMs: LIMITS.pingPeriodMs,
  missedPings: LIMITS.missedPings,
  disconnectAfterMs: 0,
  graceMs: LIMITS.graceMs,
  routing: "random",
  routingSeed: 1,
  redeliverAfterMs: LIMITS.redeliverAfterMs,
  redeliveries: LIMITS.redeliveries,
  redeliveredId: "new",
  strictAcks: false,
  numbersAs: "usual",
  contentAs: "object",
  dataAs: "json",
  webhookLifeMs: LIMITS.webhookLifeMs,
  rotatesWebhooks: false,
  bodyBytes: LIMITS.bodyBytes,
  messagesPerMinute: LIMITS.windowCount,
  callsPerSecond: LIMITS.callCount,
  quota: null,
  quotaKeys: "errorCode",
  tokenLifeMs: LIMITS.tokenLifeMs,
  badTokenStatus: 400,
  downloadCodeLifeMs: LIMITS.downloadCodeLifeMs,
  invalidStaffIds: [],
  flowControlledStaffIds: [],
};

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const positive = v.pipe(whole, v.minValue(1));
const status = v.pipe(whole, v.minValue(400), v.maxValue(599));

/** Some switches, strictly: an unknown name is refused. */
export const BEHAVIOUR: v.GenericSchema<unknown, Partial<DingtalkBehaviour>> = v.strictObject({
  ticketLifeMs: v.exactOptional(whole),
  ticketUses: v.exactOptional(positive),
  badTicketStatus: v.exactOptional(status),
  xmlWithoutAccept: v.exactOptional(v.boolean()),
  greets: v.exactOptional(v.boolean()),
  pingPeriodMs: v.exactOptional(whole),
  missedPings: v.exactOptional(positive),
  disconnectAfterMs: v.exactOptional(whole),
  graceMs: v.exactOptional(whole),
  routing: v.exactOptional(v.picklist(["random", "newest", "oldest"])),
  routingSeed: v.exactOptional(whole),
  redeliverAfterMs: v.exactOptional(positive),
  redeliveries: v.exactOptional(v.pipe(whole, v.maxValue(1_000))),
  redeliveredId: v.exactOptional(v.picklist(["new", "same"])),
  strictAcks: v.exactOptional(v.boolean()),
  numbersAs: v.exactOptional(v.picklist(["usual", "number", "string"])),
  contentAs: v.exactOptional(v.picklist(["object", "json"])),
  dataAs: v.exactOptional(v.picklist(["json", "object"])),
  webhookLifeMs: v.exactOptional(v.pipe(v.number(), v.integer())),
  rotatesWebhooks: v.exactOptional(v.boolean()),
  bodyBytes: v.exactOptional(positive),
  messagesPerMinute: v.exactOptional(v.pipe(positive, v.maxValue(10_000))),
  callsPerSecond: v.exactOptional(v.pipe(positive, v.maxValue(10_000))),
  quota: v.exactOptional(v.nullable(whole)),
  quotaKeys: v.exactOptional(v.picklist(["errorCode", "errCode"])),
  tokenLifeMs: v.exactOptional(whole),
  badTokenStatus: v.exactOptional(v.picklist([400, 401])),
  downloadCodeLifeMs: v.exactOptional(whole),
  invalidStaffIds: v.exactOptional(v.array(v.string())),
  flowControlledStaffIds: v.exactOptional(v.array(v.string())),
});
