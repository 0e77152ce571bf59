/**
 * Every number of DingTalk's Stream Mode and robot messages.
 *
 * Sources: the platform's pages "Stream 模式协议" (the protocol) and "消息发送与接收类型" (message types), unless a line says
 * otherwise.
 */
export const LIMITS = {
  /** Ours: registering for a ticket, which is valid for 90 s and opens one connection. */
  registerTimeoutMs: 10_000,
  /** Ours: opening the WebSocket. */
  handshakeTimeoutMs: 10_000,
  /** The official clients expect frames of up to 256 KiB. */
  frameBytes: 1_048_576,
  /** Ours: how often we ping. */
  pingIntervalMs: 30_000,
  /** Ours: silence after which the connection counts as dead. */
  silenceMs: 75_000,
  /** The platform closes a connection 10 s after it announced that; ours: 2 s more for what is under way. */
  overlapMs: 12_000,
  /** Ours: the wait before connecting again, doubled with each failure, up or down by a fifth. */
  backoffBaseMs: 1_000,
  backoffMaxMs: 60_000,
  jitter: 0.2,
  /** Ours: a connection that lasted this long ends a row of failures. */
  healthyAfterMs: 60_000,
  /** Ours: how long the platform's punishment of an IP address is waited out at a time; it lasts five minutes. */
  punishedMs: 60_000,

  /** Ours: what is not acknowledged comes again after about 60 s, with the same `msgId`. */
  dedupMs: 600_000,
  dedupCount: 10_000,
  /** Ours: messages that are being handed over, and that wait for it; beyond it none is acknowledged. */
  handoversInFlight: 64,
  handoversWaiting: 256,
  /** Ours: quotes within quotes that are looked into. */
  quoteDepth: 3,
  /** Ours: how often one stranger, or one odd topic, is mentioned in the log, and how many of them are remembered. */
  mentionEveryMs: 3_600_000,
  mentionCount: 1_000,

  /** How long a session webhook works where the platform does not say: 90 min, as in all its samples. */
  webhookLifeMs: 5_400_000,
  /** Ours: the longest life that is believed. */
  webhookMaxLifeMs: 86_400_000,
  /** Ours: conversations whose webhook is kept. */
  webhookCount: 10_000,

  /** Ours: characters of one message. Clients show longer ones badly. */
  textChars: 3_800,
  /** Of a proactive message's `msgParam` (15,000 by "机器人发送群聊消息") less its title; a webhook takes a body of 20,000. */
  encodedBytes: 14_000,
  /** A webhook's whole body, as its error 460101 says. */
  webhookBodyBytes: 20_000,

  /** One webhook's messages in `paceWindowMs`, by "自定义机器人发送群消息". */
  paceCount: 20,
  paceWindowMs: 60_000,
  /** Ours: messages that may wait for their turn, five minutes' worth. */
  paceMaxWaiting: 100,
  /** Ours: webhooks whose pace is kept. */
  paceWebhooks: 1_000,
  /** Ours: the pause after a webhook's rate was exceeded; the platform blocks for up to ten minutes. */
  pauseMs: 60_000,
  longPauseMs: 600_000,
  /** Ours: how long the robot API's limits last; their window is 1 s, by "调用频次与限流". */
  apiPauseMs: 1_000,

  /** Ours: conversations that are sent to at once, as many as may rest for `longPauseMs` without holding up others, and sends that wait. */
  sendsInFlight: 1_000,
  sendsWaiting: 1_000,
  /** Ours: how often a message is sent again that certainly was not delivered, and the first wait. */
  sendRetries: 3,
  sendBackoffMs: 500,
  sendTimeoutMs: 15_000,

  /** Pictures and files, by "上传媒体文件". */
  uploadBytes: 20_971_520,
  /** Ours: an upload or a download as a whole. */
  mediaTimeoutMs: 120_000,
  /** Ours: an access token is renewed so long before its end, two hours after its start. */
  tokenRefreshBeforeMs: 300_000,
  /** Ours: an answer is below 1 KiB; an error page of a network device is larger. */
  answerBytes: 1_048_576,
  /** Ours: how much of an answer an error quotes. */
  quoteChars: 500,
} as const;
