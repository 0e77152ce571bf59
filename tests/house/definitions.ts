import { dingtalkDefinition } from "@revka/channel-dingtalk";
import { larkDefinition } from "@revka/channel-lark";
import { mochatDefinition } from "@revka/channel-mochat";
import { qqDefinition } from "@revka/channel-qq";
import type { ChannelDefinition } from "@revka/core";

/** The channels that the house suite tries, by the peer's name: one line for each. */
export const DEFINITIONS = {
  dingtalk: dingtalkDefinition,
  feishu: larkDefinition,
  lark: larkDefinition,
  mochat: mochatDefinition,
  qq: qqDefinition,
} satisfies Readonly<Record<string, ChannelDefinition>>;

/** A channel that receives, and is tried through the whole gateway. */
export type PeerName = keyof typeof DEFINITIONS;
