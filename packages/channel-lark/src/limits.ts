/**
 * Every number of Lark and Feishu.
 *
 * Sources: the platform's own pages, named at the line, unless it says "ours" or names Revka's specification.
 */
export const LIMITS = {
  /** Specification: a token is renewed so long before its end. */
  tokenRefreshBeforeMs: 120_000,
  /** A token's life where the platform does not say, and the shortest that is believed. */
  tokenLifeMs: 7_200_000,
  tokenMinLifeMs: 1_000,
  /** Ours: a call of the API. */
  callTimeoutMs: 15_000,
  /** Ours: an answer, but for media. */
  answerBytes: 4_194_304,
  /** Ours: an error is read up to here, also where less media was asked for. */
  errorBytes: 65_536,
  /** Ours: a download or an upload as a whole. */
  mediaTimeoutMs: 120_000,
  /** Ours: the pause after a rate limit that names none; most windows are 1 s, by "频控策略". */
  ratePauseMs: 1_000,
  /** Ours: the longest pause that is believed. */
  ratePauseMaxMs: 300_000,

  /** Ours: asking where to connect to, as the official clients do. */
  discoveryTimeoutMs: 15_000,
  /** Ours: opening the WebSocket. */
  handshakeTimeoutMs: 15_000,
  /** Ours: one message of the WebSocket; longer payloads come in several. */
  frameBytes: 4_194_304,
  /** The ping interval where the platform names none, and the shortest and longest that are taken from it. */
  pingMs: 120_000,
  pingMinMs: 10_000,
  pingMaxMs: 240_000,
  /** Ours: pings that may stay unanswered. */
  pingsUnanswered: 2,
  /** Specification: silence after which the connection counts as dead. */
  silenceMs: 300_000,
  /** Ours: the least wait before connecting again, doubled with each failure; the platform may ask for more, up to `reconnectMaxMs`. */
  backoffBaseMs: 1_000,
  backoffMaxMs: 60_000,
  reconnectMaxMs: 600_000,
  /** Ours: a connection that lasted this long ends a row of failures. */
  healthyAfterMs: 10_000,
  /** Ours: the wait while the app has too many connections. */
  crowdedMs: 300_000,
  /** Ours: fragments of one payload, sets of them, and all their bytes; a set that stays incomplete is forgotten. */
  fragmentCount: 1_024,
  fragmentSets: 64,
  fragmentBytes: 16_777_216,
  fragmentMs: 60_000,

  /** Ours: the platform waits 3 s for an answer to an event, by "事件订阅概述"; what takes longer it delivers again. */
  answerWithinMs: 2_000,
  /** Ours: the platform tries for 7.1 h. The specification asks for 30 min at least. */
  dedupMs: 43_200_000,
  dedupCount: 10_000,
  /** Ours: events that are being dealt with; further ones the platform keeps. */
  eventsInFlight: 1_000,
  /** Ours: messages that are being handed over, and that wait for it; beyond it the platform keeps them. */
  handoversInFlight: 64,
  handoversWaiting: 256,
  /** Ours: the wait before the bot's own id is asked for again, doubled with each failure. */
  botBackoffBaseMs: 5_000,
  botBackoffMaxMs: 300_000,
  /** Ours: asking for it. */
  botTimeoutMs: 5_000,
  /** Ours: how often one stranger, or one oddity, is mentioned in the log, and how many of them are remembered. */
  mentionEveryMs: 3_600_000,
  mentionCount: 1_000,

  /** Ours: a request to the webhook, which must arrive within so long. */
  webhookBodyBytes: 524_288,
  webhookReadMs: 5_000,
  /** Ours: how often slow requests are looked for. */
  webhookCheckMs: 1_000,
  /** Ours: requests that are being read at once, and connections. */
  webhookReading: 32,
  webhookConnections: 256,
  /** Ours: how far the clock of a signed request may be off. */
  webhookSkewMs: 300_000,
  /** Ours: how long a listener's open requests are waited for when it closes. */
  webhookCloseMs: 2_000,
  /** Ours: the wait before a port is tried again that could not be had. */
  portRetryMs: 10_000,

  /** Specification: the Markdown of one card; ours: the whole request around it, which the platform takes up to 30 KB, by "发送消息". */
  cardMarkdownBytes: 28_000,
  cardBodyBytes: 29_000,
  /** Ours: the platform allows four in one element, by "富文本组件", but has refused the fourth of a card. */
  cardTables: 3,
  /** Ours: how often a card that was refused is halved; a text shorter than that is not. */
  halvings: 2,
  halvedBytes: 200,

  /** What one chat takes in a second, by "发送消息"; ours: some room, for calls are not equally long on their way. */
  chatCount: 5,
  chatWindowMs: 1_200,
  /** Ours: chats whose pace is kept, and messages that wait in each. */
  chatPaces: 1_000,
  chatMaxWaiting: 100,
  /** Ours: chats that are sent to at once, and sends that wait. */
  sendsInFlight: 1_000,
  sendsWaiting: 1_000,
  /** Ours: how often a message is sent again, by the same `uuid`; the first wait; the longest pause that is waited out. */
  sendRetries: 3,
  sendBackoffMs: 500,
  sendPatienceMs: 10_000,

  /** An image or a file to send, by "上传图片" and "上传文件". */
  imageBytes: 10_485_760,
  fileBytes: 31_457_280,
  /** Ours: how often a file is asked for again, and the first wait. */
  downloadRetries: 2,
  downloadBackoffMs: 300,

  /** Ours: words that are quoted of one message, messages of a forwarded chat, and quoted messages that are remembered, for so long. */
  quotedChars: 4_000,
  forwardedCount: 50,
  quoteCacheCount: 200,
  quoteCacheMs: 600_000,

  /** Ours: how often a growing answer is shown; the platform takes 10 calls a second for one card, by "流式更新卡片". */
  draftIntervalMs: 250,
  /** Ours: cards of one growing answer. */
  draftCards: 10,
  /** Ours: how often one step of a card is tried; a card that was just made is not always found at once. */
  cardTries: 3,
  cardRetryMs: 300,
  /** Ours: the highest `sequence` that growing uses; a card left open by a crash is closed by the one above. */
  cardSequences: 1_000_000_000,
  /** Ours: what is kept for the next start to put away: cards left open, and signs of typing. */
  leftoverCount: 100,

  /** Ours: a question older than that gets no sign of typing. */
  typingMaxAgeMs: 120_000,
  /** Ours: questions whose age is remembered. */
  typingQuestions: 1_000,
  /** Ours: how long reactions rest when the month's calls are used up. */
  reactionRestMs: 3_600_000,
  reactionTimeoutMs: 5_000,

  /** Ours: how much of an answer an error quotes. */
  quoteChars: 300,
} as const;
