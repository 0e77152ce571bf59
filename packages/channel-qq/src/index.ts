export { createQqChannel } from "./channel.ts";
export type { QqConfig } from "./config.ts";
export { qqDefinition } from "./definition.ts";
