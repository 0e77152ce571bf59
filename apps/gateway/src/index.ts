export type { Agent, TurnEvent, TurnRequest } from "./agents/agent.ts";
export { DEFAULT_SETTINGS } from "./config/default-settings.ts";
export type {
  AgentSettings,
  ConversationScope,
  DispatchSettings,
  InterruptedTurns,
  LogSettings,
  ProxySettings,
  Settings,
  StateSettings,
} from "./config/settings.ts";
export type { ChannelChange, Gateway, GatewayOptions, GatewaySnapshot } from "./gateway-options.ts";
export { createGateway } from "./gateway.ts";
export type { GatewayEvent, GatewayObserver, GatewayStep } from "./observer.ts";
