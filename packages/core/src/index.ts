export type { AcceptOptions, Accept, AcceptResult, Capabilities, Channel, DownloadOptions, Draft, HealthReport, Reaction } from "./channel.ts";
export type { ChannelDefinition, CreatedChannels, FieldDefinition, SectionDefinition } from "./definition.ts";
export * from "./errors.ts";
export type { Json } from "./json.ts";
export * from "./message.ts";
