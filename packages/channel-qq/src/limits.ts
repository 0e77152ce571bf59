/**
 * Every number of the QQ bot platform.
 *
 * Sources: the platform's pages "access-token", "event-emit/websocket", "message/overview" and "message/rich-media"
 * (bot.q.qq.com/wiki), unless a line says otherwise.
 */
export const LIMITS = {
  /** Ours: below the 60 s in which the platform still gives the same token. */
  tokenRefreshBeforeMs: 30_000,
  /** The longest life of a token. */
  tokenLifeMs: 7_200_000,
  /** Ours: how long a token is believed whose life cannot be read. */
  tokenDoubtfulLifeMs: 60_000,
  /** Ours: how often a call is repeated that certainly did nothing, or that the platform takes once; and the first wait. */
  retries: 3,
  retryBaseMs: 1_000,
  retryMaxMs: 8_000,
  retryJitter: 0.25,
  /** Ours: a call as a whole; the platform advises at least 5 s for sends. */
  callTimeoutMs: 10_000,
  /** Ours: an answer is below 64 KiB; an error page of a network device is larger. */
  answerBytes: 1_048_576,
  /** Ours: how much of an answer an error quotes. */
  quoteChars: 500,

  /** Ours: waits before connecting again, up or down by a fifth; a session that stands begins them anew. */
  reconnectMs: [1_000, 2_000, 5_000, 10_000, 30_000, 60_000],
  reconnectJitter: 0.2,
  /** Ours: after a session that the gateway does not know. */
  invalidSessionMs: 3_000,
  /** Ours: after too many requests, refused credentials, or several connections that broke at once. */
  pauseMs: 60_000,
  /** Ours: so often it is seen whether a bot that was taken off-line or banned is back. */
  probeMs: 1_800_000,
  /** Ours: connections that broke this soon after they were made, in a row. */
  quickEndMs: 5_000,
  quickEnds: 3,
  /** Ours: opening the WebSocket; then the Hello; then READY or RESUMED. */
  handshakeTimeoutMs: 30_000,
  helloTimeoutMs: 30_000,
  readyTimeoutMs: 30_000,
  /** Ours: the largest frame. */
  frameBytes: 8_388_608,
  /** Ours: the interval of heartbeats where the Hello names none, and what is believed of one it names. */
  heartbeatMs: 41_250,
  heartbeatMinMs: 1_000,
  heartbeatMaxMs: 600_000,
  /** Ours, as no length is documented: how old a session may be that is resumed after a restart. */
  sessionMaxAgeMs: 300_000,
  /** Ours: message ids that outlive a restart. */
  seenAfterRestart: 100,

  /** Ours: a message may come again minutes later with the same id. */
  dedupMs: 1_800_000,
  dedupCount: 10_000,
  /** Ours: voice may come again soon with another id. */
  voiceDedupMs: 300_000,
  voiceDedupCount: 1_000,
  /** Ours: conversations whose messages are being handed over at once, and messages that wait. */
  handoversInFlight: 64,
  handoversWaiting: 8_192,
  /** Ours: how often a message is offered again that the host refuses for another reason than one that passes. */
  offerRetries: 3,
  /** Ours: how often one stranger, or one odd frame, is mentioned in the log, and how many of them are remembered. */
  mentionEveryMs: 3_600_000,
  mentionCount: 1_000,
  /** Ours: messages whose words are remembered in case somebody quotes them, and how much of them. */
  quotableCount: 1_000,
  quotableChars: 500,
  /** Ours: messages within messages that are looked into. */
  elementDepth: 3,
  elementCount: 100,
  /** Ours: attachments of one message. */
  attachments: 10,
  /** Ours: bytes of a file's name. */
  nameBytes: 120,
  /** Ours: redirects of a download, and its time as a whole. */
  downloadRedirects: 3,
  downloadTimeoutMs: 60_000,

  /** How long, and how often, a message can be answered: by "message/overview". */
  replyWindowMs: { user: 3_600_000, group: 300_000 },
  replyCount: { user: 4, group: 5 },
  /** Ours: a window counts as closed so long before its end. */
  replyMarginMs: 10_000,
  /** Ours: messages that can be answered, all conversations together. */
  replyRoutes: 4_000,
  /** Ours: sends whose idempotency key is remembered, and for how long. */
  attemptShelves: 256,
  attemptsPerShelf: 16,
  attemptMs: 86_400_000,
  /** Ours: that somebody wants no messages unasked is forgotten after this, in case the news of a change was missed. */
  refusalMs: 2_592_000_000,
  /** Ours: texts that wait for somebody's next message, how long, and how many of its replies they may take. */
  outboxCount: 20,
  outboxMs: 86_400_000,
  outboxReplies: 2,
  /** Ours: conversations that are sent to at once, and sends that wait. */
  sendsInFlight: 1_000,
  sendsWaiting: 1_000,

  /** Ours, as no length is documented: UTF-8 bytes of one message. */
  textBytes: 3_600,
  /** The specification's 10 MB, inclusive. */
  fileBytes: 10_485_760,
  /** Ours: an upload as a whole. */
  uploadTimeoutMs: 120_000,
  /** The specification's number of uploads that are remembered. */
  uploadCount: 500,
  /** Ours: how long an upload is remembered that the platform keeps for ever. */
  uploadLifeMs: 86_400_000,
  /** Ours: files that are uploaded at once; each is held in memory, and as base64. */
  uploadsInFlight: 4,
  uploadsWaiting: 256,
} as const;
