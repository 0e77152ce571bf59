/**
 * Every number of the Mochat channel.
 *
 * Mochat's polling API has no official reference: all of these are ours, written down in `docs/protocols/mochat.md`.
 */
export const LIMITS = {
  /** Shortest time between two polls in a configuration file. */
  minIntervalMs: 1_000,
  /** The same for a program, which may poll a server of its own. */
  minProgramIntervalMs: 100,
  /** Longest time between two polls. */
  maxIntervalMs: 86_400_000,
  /** A receive call with its answer may take from this … */
  minReceiveTimeoutMs: 1_000,
  /** … to this; a server that holds the request back needs more than it holds. */
  maxReceiveTimeoutMs: 600_000,
  /** A send call with its answer. */
  sendTimeoutMs: 15_000,
  /** A health check with its answer. */
  healthTimeoutMs: 10_000,
  /** The largest answer that is read: 8 MiB. */
  answerBytes: 8_388_608,
  /** How much of an answer an error or a log line quotes. */
  quoteChars: 1_024,

  /** A longer id is treated as absent, so that ids in memory and in the store are bounded in size too. */
  idChars: 256,
  /** Message ids that are remembered against duplicates. */
  dedupCount: 10_000,
  /** The newest of them, which outlive a restart. */
  savedIdsCount: 1_000,
  /** The state is written at most once in this time. */
  saveEveryMs: 1_000,

  /** A page of at least this many messages, one of them new, is taken for part of a backlog. */
  fullPageCount: 50,
  /** Polls without a pause while there is a backlog; then one interval. */
  immediatePolls: 20,
  /** The wait after failures grows up to this. */
  backoffMaxMs: 60_000,
  /** The wait while the bridge refuses us. */
  refusedDelayMs: 60_000,
  /** All waits after failures vary by this part of them. */
  jitter: 0.2,
  /** A `Retry-After` beyond this is not believed. */
  retryAfterMaxMs: 300_000,
  /** Refusals of `since_id` in a row before one poll goes without it. */
  cursorRefusals: 3,
  /** Of a streak of failures, every so many-th is logged at warn. */
  warnEvery: 20,

  /** How often a message is offered again that the consumer refused. */
  offerRetries: 3,
  /** The wait before it is first offered again; doubled each time. */
  offerBackoffMs: 500,

  /** How often a send is tried again that reached nobody. */
  sendRetries: 3,
  /** The wait before the first of these; doubled each time. */
  sendBackoffMs: 500,
  /** A longer `Retry-After` is left to the caller. */
  sendRetryAfterMaxMs: 30_000,
  /** What an answer 429 without `Retry-After` is taken to ask for. */
  unstatedRetryAfterMs: 1_000,
  /** Users that are written to at the same time; messages to one user go out in order. */
  sendsInFlight: 4,
  /** Sends that may wait for their turn. */
  sendsWaiting: 1_000,
  /** The shortest limit of a message that leaves room for splitting. */
  minMessageChars: 16,
  /** The longest message when no shorter one is configured: far beyond what people write, far below `answerBytes`. */
  messageChars: 1_000_000,
} as const;
