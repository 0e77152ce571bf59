export { createWecomApi, type WecomApi } from "./api.ts";
export type { CallOptions } from "./attempts.ts";
export { createWecomChannel, type WecomChannel } from "./channel.ts";
export type { WecomConfig } from "./config.ts";
export { wecomDefinition } from "./definition.ts";
export type { WecomUpload } from "./outbound.ts";
export type { WecomTemplateCard } from "./template-card.ts";
export type { WecomPayload } from "./wire.ts";
