export type { Agent, TurnEvent, TurnRequest } from "./agents/agent.ts";
export { DEFAULT_SETTINGS } from "./config/default-settings.ts";
export type {
  AgentSettings,
  ChannelSettings,
  ConversationScope,
  DispatchSettings,
  InterruptedTurns,
  LogSettings,
  MediaSettings,
  MultimodalSettings,
  PresenceSettings,
  ProxySettings,
  Settings,
  StateSettings,
  StreamMode,
  TranscriptionSettings,
} from "./config/settings.ts";
export type { ChannelChange, Gateway, GatewayOptions, GatewaySnapshot } from "./gateway-options.ts";
export { createGateway } from "./gateway.ts";
export type { FetchedMedia } from "./media/prepare-message.ts";
export type { ChannelEvent, ChannelObserver, GatewayEvent, GatewayObserver, GatewayStep } from "./observer.ts";
