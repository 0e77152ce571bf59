export { admit, type Admission, type AdmitRules, type Envelope } from "./admission/admit.ts";
export { isAllowed } from "./admission/allowlist.ts";
export { backoffDelay, type BackoffOptions } from "./connection/backoff.ts";
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
} from "./contract/channel.ts";
export { systemClock, type Clock } from "./contract/clock.ts";
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
} from "./config/config-blocks.ts";
export { parseSection, type SectionPlace } from "./config/config.ts";
export { afterError, keepConnected, type EndReason, type KeepConnectedOptions, type NextStep } from "./connection/connection.ts";
export { createContext, type ChannelContext, type DeniedSender } from "./contract/context.ts";
export { createDedup, type Dedup, type DedupOptions } from "./admission/dedup.ts";
export type { ChannelDefinition, CreatedChannels, FieldDefinition, SectionDefinition } from "./contract/definition.ts";
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
} from "./contract/errors.ts";
export { sendByFirstRoute, type RouteAttempt } from "./delivery/first-route.ts";
export { createHeartbeat, type Heartbeat, type HeartbeatOptions } from "./connection/heartbeat.ts";
export { createHttp, type Http, type HttpCall, type HttpOptions, type HttpReply } from "./http/http.ts";
export type { Json } from "./contract/json.ts";
export { createKeyedQueue, type KeyedQueue, type KeyedQueueOptions } from "./delivery/keyed-queue.ts";
export { openConfined, type ConfinedFile, type ConfinedOptions, type RefusedFile } from "./media/local-path.ts";
export { silentLogger, type LogCall, type Logger } from "./contract/logger.ts";
export { findCode, type Span } from "./text/code-spans.ts";
export { findFences, type MarkdownBlock } from "./text/markdown-blocks.ts";
export { attachmentKindOf, escapeMarkers, parseMarkers, writeMarker, type Marker, type MarkerKind } from "./text/markers.ts";
export { extensionOf, isTextLike, mediaTypeOfName, sniffMediaType } from "./media/media-type.ts";
export { createMemoryStore, type MemoryStoreOptions } from "./state/memory-store.ts";
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
  requireFile,
  type OutboundFile,
  type OutboundLink,
  type OutboundMedia,
  type OutboundMessage,
  type ReplyTarget,
  type Sender,
  type SendReceipt,
} from "./contract/message.ts";
export { createPace, type Pace, type PaceOptions } from "./delivery/pace.ts";
export { createProxyPolicy, isLoopback, maskProxy, parseProxyUrl, type ProxyChoice, type ProxyPolicy, type ProxySettings } from "./dialling/proxy.ts";
export { createRedactor, excerpt, redactUrl, type Redactor } from "./secrets/redact.ts";
export { checkRemoteUrl, pinnedLookup, RemoteUrl, RemoteUrlRefusal, type RemoteUrlRules } from "./http/remote-url.ts";
export { createReplyRoutes, type ReplyRoute, type ReplyRoutes, type ReplyRoutesOptions, type UsedRoute } from "./delivery/reply-routes.ts";
export { sendInOrder } from "./delivery/send-parts.ts";
export { openSocket, type Socket, type SocketClose, type SocketOptions } from "./connection/socket.ts";
export { splitText, type SplitLimit } from "./text/split-text.ts";
export { createStatusRecorder, type ChannelState, type ChannelStatus, type StatusRecorder } from "./contract/status.ts";
export { scopeStore, type Store, type StoreOptions } from "./state/store.ts";
export { createTokenSource, withToken, type Token, type TokenSource, type TokenSourceOptions } from "./connection/token-source.ts";
