export { createDingtalkChannel } from "./channel.ts";
export type { DingtalkConfig } from "./config.ts";
export { dingtalkDefinition } from "./definition.ts";
