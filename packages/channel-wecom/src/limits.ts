/**
 * Every number of the group-bot webhook.
 *
 * Sources: the platform's page "消息推送配置说明" (message push, formerly group bot) unless a line says otherwise.
 */
export const LIMITS = {
  /** One `text` message, UTF-8. Longer ones were seen to pass at times and to be cut in silence at others. */
  textBytes: 2048,
  /** An inline image before base64: 2 MiB. */
  imageBytes: 2_097_152,
  /** An uploaded voice: 2 MiB; it may also last no longer than 60 s. */
  voiceBytes: 2_097_152,
  /** An uploaded file: 20 MiB. */
  fileBytes: 20_971_520,

  /** Calls that one key may make within `paceWindowMs`: a minute, and a second because the platform counts arrivals and we departures. */
  paceCount: 20,
  paceWindowMs: 61_000,
  /** Ours: calls that may wait for their turn, five minutes' worth. */
  paceMaxWaiting: 100,

  /** Ours: how often a call is tried that certainly delivered nothing. */
  maxTries: 3,
  /** Ours: the wait before the second try; doubled before the third. */
  backoffBaseMs: 1000,
  backoffMaxMs: 10_000,

  /** Ours: one call with its answer. */
  sendTimeoutMs: 15_000,
  /** Ours: the same for an upload, which may carry 20 MiB. */
  uploadTimeoutMs: 120_000,
  /** Ours: a health check as a whole, its turn in the pace included. */
  healthTimeoutMs: 10_000,
  /** Ours: an answer is some 200 bytes; an error page of a network device is larger. */
  answerBytes: 1_048_576,
  /** Ours: how much of an answer an error quotes. */
  quoteChars: 500,
} as const;
