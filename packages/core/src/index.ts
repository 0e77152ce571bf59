export { admit, type Admission, type AdmitRules, type Envelope } from "./admit.ts";
export { isAllowed } from "./allowlist.ts";
export type {
  Accept,
  AcceptOptions,
  AcceptResult,
  Capabilities,
  Channel,
  DownloadOptions,
  Draft,
  HealthReport,
  Reaction,
} from "./channel.ts";
export { systemClock, type Clock } from "./clock.ts";
export {
  baseUrl,
  choice,
  dropAbsent,
  flag,
  integerBetween,
  numberBetween,
  optionalString,
  proxyChoice,
  requiredString,
  stringList,
  table,
  type BaseUrlRules,
  type WithoutAbsent,
} from "./config-blocks.ts";
export { parseSection, type SectionPlace } from "./config.ts";
export { createContext, type ChannelContext } from "./context.ts";
export { createDedup, type Dedup, type DedupOptions } from "./dedup.ts";
export type { ChannelDefinition, CreatedChannels, FieldDefinition, SectionDefinition } from "./definition.ts";
export {
  AuthError,
  ChannelError,
  ConfigError,
  isChannelError,
  NoReplyRouteError,
  PayloadTooLargeError,
  PlatformError,
  ProtocolError,
  RateLimitError,
  TransientError,
  UnknownOutcomeError,
  type AnyChannelError,
  type ChannelErrorCode,
  type ChannelErrorOptions,
  type ConfigProblem,
  type SendProgress,
} from "./errors.ts";
export type { Json } from "./json.ts";
export { silentLogger, type LogCall, type Logger } from "./logger.ts";
export { createMemoryStore, type MemoryStoreOptions } from "./memory-store.ts";
export {
  replyTo,
  textOf,
  type Attachment,
  type AttachmentKind,
  type Conversation,
  type ConversationKind,
  type InboundMessage,
  type MediaBytes,
  type MessagePart,
  type MessageRef,
  type OutboundMedia,
  type OutboundMessage,
  type ReplyTarget,
  type Sender,
  type SendReceipt,
} from "./message.ts";
export { createPace, type Pace, type PaceOptions } from "./pace.ts";
export { createProxyPolicy, maskProxy, parseProxyUrl, type ProxyChoice, type ProxyPolicy, type ProxySettings } from "./proxy.ts";
export { createRedactor, excerpt, redactUrl, type Redactor } from "./redact.ts";
export { sendInOrder } from "./send-parts.ts";
export { createStatusRecorder, type ChannelState, type ChannelStatus, type StatusRecorder } from "./status.ts";
export { scopeStore, type Store, type StoreOptions } from "./store.ts";
