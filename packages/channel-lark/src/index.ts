export { createLarkChannel } from "./channel.ts";
export type { LarkConfig } from "./config.ts";
export { larkDefinition } from "./definition.ts";
