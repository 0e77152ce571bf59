/** DingTalk's numbers; where the platform's documents are silent, the comment says whose they are. */
export const LIMITS = {
  /** Life and uses of a ticket ("Stream protocol"). */
  ticketLifeMs: 90_000,
  ticketUses: 1,
  /** Seen in the field: a server ping every 20 to 30 s. */
  pingPeriodMs: 30_000,
  /** Ours: pings without an answer before the connection is closed. */
  missedPings: 3,
  /** From `disconnect` to the end of TCP. */
  graceMs: 10_000,
  /** Seen in the field: an unanswered message comes again after about a minute. */
  redeliverAfterMs: 60_000,
  redeliveries: 1,
  /** 90 minutes, as in every sample of `sessionWebhookExpiredTime`. */
  webhookLifeMs: 5_400_000,
  /** A webhook's body (seen in the field) and an API's `msgParam` ("机器人发送群聊消息"). */
  bodyBytes: 20_000,
  msgParamBytes: 15_000,
  /** Messages of one webhook in a window. */
  windowCount: 20,
  windowMs: 60_000,
  mentionCount: 50,
  /** 2 hours ("获取企业内部应用的accessToken"). */
  tokenLifeMs: 7_200_000,
  /** Calls of one interface in a second ("调用频次与限流", standard edition). */
  callCount: 20,
  callWindowMs: 1_000,
  receiverCount: 20,
  /** 20 MB for images, videos and files, 2 MB for voice ("上传媒体文件"). */
  mediaBytes: 20_971_520,
  voiceBytes: 2_097_152,
  /** Ours, the platform's are not known: life of a download code, and of the link that it gives. */
  downloadCodeLifeMs: 86_400_000,
  downloadUrlLifeMs: 3_600_000,
  /** What is kept of messages, tickets, webhooks and files, oldest out; bytes over all files. */
  keptCount: 10_000,
  keptMediaBytes: 268_435_456,
} as const;
