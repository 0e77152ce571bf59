export { createMochatChannel } from "./channel.ts";
export type { MochatConfig } from "./config.ts";
export { mochatDefinition } from "./definition.ts";
