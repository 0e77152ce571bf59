/** Lark's numbers; where the platform's documents are silent, the comment says whose they are. */
export const LIMITS = {
  /** 2 hours; with less than half an hour left, another token is given ("自建应用获取 tenant_access_token"). */
  tokenLifeMs: 7_200_000,
  tokenRenewalMs: 1_800_000,
  /** Connections of one app ("使用长连接接收事件"). */
  connectionCount: 50,
  /** Ours: how long the URL of a connection is good, since no document says. */
  ticketLifeMs: 300_000,
  /** How long a bot has for an event and for the challenge, and when an unanswered event comes again ("事件订阅概述"). */
  ackWindowMs: 3_000,
  challengeWindowMs: 1_000,
  retryAfterMs: [15_000, 300_000, 3_600_000, 21_600_000],
  /** 30 KB for cards and posts, 150 KB for texts ("发送消息"); that they count 1,024 bytes and the whole request body is ours. */
  cardBodyBytes: 30_720,
  textBodyBytes: 153_600,
  /** Ours, from the field: a card with a fourth table is refused. */
  cardTableCount: 3,
  cardElementCount: 200,
  elementIdChars: 20,
  /** Cards can be changed, and entities live, for 14 days ("更新消息卡片", "创建卡片实体"). */
  cardLifeMs: 1_209_600_000,
  cardDataChars: 3_000_000,
  cardSettingsChars: 100_000,
  streamContentChars: 100_000,
  maxSequence: 2_147_483_647,
  /** The streaming mode closes by itself 10 minutes after it was opened ("流式更新卡片"). */
  streamLifeMs: 600_000,
  /** A card may be updated with the token of a click for 30 minutes, twice ("延时更新消息卡片"). */
  cardTokenLifeMs: 1_800_000,
  cardTokenUses: 2,
  /** Calls of one API by one app ("频控策略"). */
  callsPerSecond: 50,
  callsPerMinute: 1_000,
  /** Messages to one user or into one group, and patches of one message ("发送消息", "更新消息卡片"). */
  chatMessagesPerSecond: 5,
  patchesPerSecond: 5,
  /** Operations on one card entity ("流式更新卡片"). */
  cardCallsPerSecond: 10,
  /** A `uuid` makes at most one message in an hour ("发送消息"). */
  uuidChars: 50,
  uuidWindowMs: 3_600_000,
  cardUuidChars: 64,
  editCount: 20,
  /** 10 MB images and 30 MB files ("上传图片", "上传文件"). */
  imageBytes: 10_485_760,
  fileBytes: 31_457_280,
  /** Pixels along one side of an image. */
  gifPixels: 2_000,
  imagePixels: 12_000,
  /** Reactions on one page unless the call says otherwise, and at most ("获取消息表情回复"). */
  reactionPage: 20,
  reactionPageMax: 50,
  /** What is kept of messages, chats, cards, files and records, oldest out; bytes over all files. */
  keptCount: 10_000,
  keptFileBytes: 268_435_456,
} as const;
