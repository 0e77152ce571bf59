/** QQ's numbers; where the platform's documents are silent, the comment says whose they are. */
export const LIMITS = {
  /** Life of an access token, and how long before its end a new one is given out ("access-token"). */
  tokenLifeMs: 7_200_000,
  renewWithinMs: 60_000,
  /** As in every example of a Hello. */
  heartbeatIntervalMs: 45_000,
  /** Identifies in 24 hours ("websocket"). */
  startCount: 1_000,
  startWindowMs: 86_400_000,
  /** Ours, the platform's is not known: how long a session without a connection can be resumed. */
  sessionLifeMs: 1_800_000,
  /** How long, and how often, a message can be answered ("message/overview"). */
  privateWindowMs: 3_600_000,
  privateReplies: 4,
  groupWindowMs: 300_000,
  groupReplies: 5,
  streamWindowMs: 300_000,
  /** Messages of its own accord, of a bot that is not certified ("message/overview"). */
  proactivePerSecond: 5,
  proactivePerMinute: 30,
  proactivePerMinuteAndTarget: 20,
  proactivePerDayAndTarget: 1_000,
  /** Seen in the field: the longest text, in characters. */
  textChars: 5_000,
  /** Seconds that typing may be shown for. */
  typingSecs: 60,
  /** How long a message can be taken back ("recall"). */
  recallMs: 120_000,
  /** Calls a second ("autogen/api"). */
  messagesPerSecond: 100,
  filesPerSecond: 50,
  streamsPerSecond: 50,
  preparesPerSecond: 10,
  recallsPerSecond: 10,
  secondMs: 1_000,
  minuteMs: 60_000,
  dayMs: 86_400_000,
  /** Ours: the longest body of a call, 16 MiB, so that 10 MiB fit in base64. */
  bodyBytes: 16_777_216,
  /** Seconds that an uploaded file can be sent for, as in the examples. */
  fileTtlSecs: 604_800,
  /** Above these a file is sent as a plain file, and above the last one not at all ("message/rich-media"). */
  imageBytes: 20_971_520,
  videoBytes: 31_457_280,
  voiceBytes: 20_971_520,
  fileBytes: 209_715_200,
  /** Ours: parts of a chunked upload, and its life. */
  partBytes: 1_048_576,
  uploadLifeMs: 600_000,
  /** Span of `md5_10m` ("upload_prepare"). */
  md5SpanBytes: 10_002_432,
  /** Ours: how long the platform tries to fetch a file by its address, and how much of it. */
  fetchMs: 5_000,
  fetchBytes: 33_554_432,
  /** Ours, the platform's is not known: how long a link to a user's file works. */
  attachmentLifeMs: 3_600_000,
  /** What is kept of messages, events and files, oldest out; bytes over all files; sessions. */
  keptCount: 10_000,
  keptMediaBytes: 268_435_456,
  keptSessions: 1_000,
} as const;
