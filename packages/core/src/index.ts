export { admit, type Admission, type AdmitRules, type Envelope } from "./admit.ts";
export { isAllowed } from "./allowlist.ts";
export { backoffDelay, type BackoffOptions } from "./backoff.ts";
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
export { afterError, keepConnected, type EndReason, type KeepConnectedOptions, type NextStep } from "./connection.ts";
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
export { sendByFirstRoute, type RouteAttempt } from "./first-route.ts";
export { createHeartbeat, type Heartbeat, type HeartbeatOptions } from "./heartbeat.ts";
export { createHttp, type Http, type HttpCall, type HttpOptions, type HttpReply } from "./http.ts";
export type { Json } from "./json.ts";
export { createKeyedQueue, type KeyedQueue, type KeyedQueueOptions } from "./keyed-queue.ts";
export { openConfined, type ConfinedFile, type ConfinedOptions, type RefusedFile } from "./local-path.ts";
export { silentLogger, type LogCall, type Logger } from "./logger.ts";
export { attachmentKindOf, escapeMarkers, parseMarkers, writeMarker, type Marker, type MarkerKind } from "./markers.ts";
export { extensionOf, isTextLike, mediaTypeOfName, sniffMediaType } from "./media-type.ts";
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
export { checkRemoteUrl, pinnedLookup, RemoteUrl, RemoteUrlRefusal, type RemoteUrlRules } from "./remote-url.ts";
export { createReplyRoutes, type ReplyRoute, type ReplyRoutes, type ReplyRoutesOptions, type UsedRoute } from "./reply-routes.ts";
export { sendInOrder } from "./send-parts.ts";
export { openSocket, type Socket, type SocketClose, type SocketOptions } from "./socket.ts";
export { splitText, type SplitLimit } from "./split-text.ts";
export { createStatusRecorder, type ChannelState, type ChannelStatus, type StatusRecorder } from "./status.ts";
export { scopeStore, type Store, type StoreOptions } from "./store.ts";
export { createTokenSource, withToken, type Token, type TokenSource, type TokenSourceOptions } from "./token-source.ts";
