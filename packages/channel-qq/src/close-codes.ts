/** What becomes of a bot whose connection ended. */
export interface Verdict {
  /** Whether the session can be gone on with. */
  readonly session: "keep" | "drop";
  /** Set where the gateway does not take the token any more. */
  readonly token?: "drop";
  /**
   * When to connect again: at once, after a growing wait, after 3 s, after a minute. `"probe"`: now and then, and an
   * operator has to act. `"stop"`: never, for that would change nothing.
   */
  readonly next: "now" | "backoff" | "soon" | "pause" | "probe" | "stop";
  /** What an operator should know. */
  readonly advice?: string;
}

/** The gateway asks for a new connection. */
export const RECONNECT: Verdict = { session: "keep", next: "now" };
/** The session can be gone on with, once the reason has passed. */
export const RESUME: Verdict = { session: "keep", next: "backoff" };
/** The gateway does not know the session, or says that it may be tried once more. */
export const INVALID: Readonly<Record<Verdict["session"], Verdict>> = {
  drop: { session: "drop", next: "soon" },
  keep: { session: "keep", next: "soon" },
};

const BEGIN_ANEW: Verdict = { session: "drop", next: "backoff" };

function stop(advice: string): Verdict {
  return { session: "drop", next: "stop", advice };
}

/**
 * The codes that need something else than going on with the session.
 *
 * Source: "error-trace/websocket"; 4003 to 4005 from the platform's SDKs. 4009 is what every connection ends with after
 * about half an hour; its session is good.
 */
const CODES: ReadonlyMap<number, Verdict> = new Map([
  // Ours, for a frame over the limit: it would come again.
  [1009, BEGIN_ANEW],
  [4001, stop("the gateway does not know an opcode of ours: this is a fault of the channel")],
  [4002, stop("the gateway cannot read a frame of ours: this is a fault of the channel")],
  [4003, BEGIN_ANEW],
  [4004, { ...BEGIN_ANEW, token: "drop" }],
  [4005, BEGIN_ANEW],
  [4006, INVALID.drop],
  [4007, INVALID.drop],
  [4008, { session: "keep", next: "pause" }],
  [4010, stop("the gateway does not take the shard: this is a fault of the channel")],
  [4011, stop("the bot is in so many groups that the platform demands shards, which the channel does not have")],
  [4012, stop("the gateway no longer speaks this version of the protocol")],
  [4013, stop("the gateway does not know the intents: this is a fault of the channel")],
  [4014, stop("the bot may not receive private and group messages: grant it that in the developer console")],
  [4914, { session: "drop", next: "probe", advice: "the bot was taken off-line, or is not published: then it works in the sandbox environment only" }],
  [4915, { session: "drop", next: "probe", advice: "the bot is banned: see the developer console" }],
]);

/**
 * What a close code means.
 *
 * @param isResuming - the gateway had been asked to go on with the session, and had not yet agreed: then it refuses.
 */
export function verdictOf(closeCode: number, isResuming: boolean): Verdict {
  const known = CODES.get(closeCode);
  if (known !== undefined) return known;
  const isInternal = closeCode >= 4900 && closeCode <= 4913;
  return isInternal || (isResuming && closeCode >= 4000) ? BEGIN_ANEW : RESUME;
}
