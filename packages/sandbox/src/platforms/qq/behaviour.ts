import * as v from "valibot";
import { GRANTED_INTENTS } from "./events.ts";
import { LIMITS } from "./limits.ts";

/** Every switch of the emulated QQ. */
export interface QqBehaviour {
  /** Life of an access token; default 2 h. Tokens that were given out keep theirs. */
  readonly tokenLifeMs: number;
  /** How long before its end a request brings a new token; default 60 s, 0: the same one to the last moment. */
  readonly renewWithinMs: number;
  /** How `expires_in` is written; default `"string"`. */
  readonly expiresInAs: "string" | "number" | "missing";
  /** What `expires_in` says instead of the truth; default `null`, the truth. */
  readonly expiresIn: number | string | null;
  /** What Hello says; default 45 s. */
  readonly heartbeatIntervalMs: number;
  /** How long a connection may go without a heartbeat before it is closed with 4009; default 0, for ever. */
  readonly silenceLimitMs: number;
  /** Age at which a connection is closed with 4009; default 0, never. Connections that are open keep theirs. */
  readonly expiresAfterMs: number;
  /** Whether Identify and Resume need a good token; default true. */
  readonly checksTokens: boolean;
  /** The intents that the bot may use, as a bit mask; default all that public bots may. */
  readonly grantedIntents: number;
  /** Identifies in a window, as `/gateway/bot` tells; default 1,000 in 24 h. */
  readonly startCount: number;
  readonly startWindowMs: number;
  /** How long a session without a connection can be resumed; default 30 min. */
  readonly sessionLifeMs: number;
  /** How a Resume of an unknown session is refused; default `"op 9"`. */
  readonly refusesResumeBy: "op 9" | "close";
  /** How many events before the first missed one are replayed as well; default 0. */
  readonly replaysExtra: number;
  /** What `d` of RESUMED is; default `""`. */
  readonly resumedAs: "text" | "object" | "missing";
  /** How long, and how often, a message in private can be answered; default 60 min and 4. */
  readonly privateWindowMs: number;
  readonly privateReplies: number;
  /** The same in a group; default 5 min and 5. */
  readonly groupWindowMs: number;
  readonly groupReplies: number;
  /** Whether messages that answer nothing are possible at all; default true. Otherwise 40034102. */
  readonly allowsProactive: boolean;
  /** Such messages a second and a minute, to all; default 5 and 30. */
  readonly proactivePerSecond: number;
  readonly proactivePerMinute: number;
  /** And a minute and a day, to each user or group; default 20 and 1,000. */
  readonly proactivePerMinuteAndTarget: number;
  readonly proactivePerDayAndTarget: number;
  /** Calls of the messages API a second, of all scenes; default 100. */
  readonly messagesPerSecond: number;
  /** Longest text or markdown in characters; default 5,000. */
  readonly textChars: number;
  /** Hosts that may stand in a text; default `null`, any. Everything with a dot counts as a host, also `crawler.py`. */
  readonly allowedHosts: readonly string[] | null;
  /** Whether the bot may send markdown, and keyboards of its own; default true and false. */
  readonly grantsMarkdown: boolean;
  readonly grantsKeyboards: boolean;
  /** How `timestamp` of an answer is written; default `"string"`. */
  readonly timestampAs: "string" | "number";
  /** Longest body of a call in bytes; default 16 MiB. */
  readonly bodyBytes: number;
  /** Seconds that an uploaded file can be sent for, 0: for ever; default 604,800; `null` leaves `ttl` out. */
  readonly fileTtlSecs: number | null;
  /** Whether the bytes of an upload must be of its kind; default true. */
  readonly checksFormats: boolean;
  /** How long a link to a user's file works; default 1 h. */
  readonly attachmentLifeMs: number;
}

/** How a fresh QQ behaves. */
export const DEFAULT_BEHAVIOUR: QqBehaviour = {
  tokenLifeMs: LIMITS.tokenLifeMs,
  renewWithinMs: LIMITS.renewWithinMs,
  expiresInAs: "string",
  expiresIn: null,
  heartbeatIntervalMs: LIMITS.heartbeatIntervalMs,
  silenceLimitMs: 0,
  expiresAfterMs: 0,
  checksTokens: true,
  grantedIntents: GRANTED_INTENTS,
  startCount: LIMITS.startCount,
  startWindowMs: LIMITS.startWindowMs,
  sessionLifeMs: LIMITS.sessionLifeMs,
  refusesResumeBy: "op 9",
  replaysExtra: 0,
  resumedAs: "text",
  privateWindowMs: LIMITS.privateWindowMs,
  privateReplies: LIMITS.privateReplies,
  groupWindowMs: LIMITS.groupWindowMs,
  groupReplies: LIMITS.groupReplies,
  allowsProactive: true,
  proactivePerSecond: LIMITS.proactivePerSecond,
  proactivePerMinute: LIMITS.proactivePerMinute,
  proactivePerMinuteAndTarget: LIMITS.proactivePerMinuteAndTarget,
  proactivePerDayAndTarget: LIMITS.proactivePerDayAndTarget,
  messagesPerSecond: LIMITS.messagesPerSecond,
  textChars: LIMITS.textChars,
  allowedHosts: null,
  grantsMarkdown: true,
  grantsKeyboards: false,
  timestampAs: "string",
  bodyBytes: LIMITS.bodyBytes,
  fileTtlSecs: LIMITS.fileTtlSecs,
  checksFormats: true,
  attachmentLifeMs: LIMITS.attachmentLifeMs,
};

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const positive = v.pipe(whole, v.minValue(1));
const rate = v.exactOptional(v.pipe(whole, v.maxValue(10_000)));
const flag = v.exactOptional(v.boolean());

/** Some switches, strictly: an unknown name is refused. */
export const BEHAVIOUR: v.GenericSchema<unknown, Partial<QqBehaviour>> = v.strictObject({
  tokenLifeMs: v.exactOptional(whole),
  renewWithinMs: v.exactOptional(whole),
  expiresInAs: v.exactOptional(v.picklist(["string", "number", "missing"])),
  expiresIn: v.exactOptional(v.nullable(v.union([v.number(), v.string()]))),
  heartbeatIntervalMs: v.exactOptional(whole),
  silenceLimitMs: v.exactOptional(whole),
  expiresAfterMs: v.exactOptional(whole),
  checksTokens: flag,
  grantedIntents: v.exactOptional(whole),
  startCount: v.exactOptional(whole),
  startWindowMs: v.exactOptional(positive),
  sessionLifeMs: v.exactOptional(whole),
  refusesResumeBy: v.exactOptional(v.picklist(["op 9", "close"])),
  replaysExtra: v.exactOptional(v.pipe(whole, v.maxValue(LIMITS.keptCount))),
  resumedAs: v.exactOptional(v.picklist(["text", "object", "missing"])),
  privateWindowMs: v.exactOptional(whole),
  privateReplies: rate,
  groupWindowMs: v.exactOptional(whole),
  groupReplies: rate,
  allowsProactive: flag,
  proactivePerSecond: rate,
  proactivePerMinute: rate,
  proactivePerMinuteAndTarget: rate,
  proactivePerDayAndTarget: rate,
  messagesPerSecond: rate,
  textChars: v.exactOptional(positive),
  allowedHosts: v.exactOptional(v.nullable(v.array(v.string()))),
  grantsMarkdown: flag,
  grantsKeyboards: flag,
  timestampAs: v.exactOptional(v.picklist(["string", "number"])),
  bodyBytes: v.exactOptional(positive),
  fileTtlSecs: v.exactOptional(v.nullable(whole)),
  checksFormats: flag,
  attachmentLifeMs: v.exactOptional(whole),
});
