import type { ChannelDefinition, FieldDefinition } from "@revka/core";
import { DEFAULTS, wecomSchema, type WecomConfig } from "./config.ts";

const FIELDS: readonly FieldDefinition[] = [
  {
    key: "webhook_key",
    type: "string",
    description: "The key from your WeCom group bot's webhook URL; the whole URL may be given as well.",
    isRequired: true,
    isSecret: true,
    example: "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
  },
  {
    key: "allowed_users",
    type: "string-list",
    description: "Reserved for future inbound support; not used while the channel is send-only.",
    default: DEFAULTS.allowedUsers,
    example: '["*"]',
    isAdvanced: true,
  },
  {
    key: "base_url",
    type: "url",
    description: "Where the WeCom API is; plain http only to this machine, e.g. for a sandbox.",
    default: DEFAULTS.baseUrl,
    isAdvanced: true,
  },
  {
    key: "proxy_url",
    type: "url",
    description: 'HTTP or SOCKS5 proxy for this channel alone; "direct" for none.',
    example: "socks5://proxy.example:1080",
    isAdvanced: true,
  },
];

/** What a host needs to know of WeCom; the channel itself is loaded when one is created. */
export const wecomDefinition: ChannelDefinition = {
  sections: [
    {
      name: "wecom",
      displayName: "WeCom",
      description: "WeCom Bot Webhook",
      region: "China",
      receiveMode: "Outbound only (Bot Webhook)",
      platformUrl: DEFAULTS.baseUrl,
      helpUrl: "https://developer.work.weixin.qq.com/document/path/91770",
      idKinds: "WeCom user IDs (reserved: not used while the channel is send-only)",
      fields: FIELDS,
      schema: wecomSchema,
    },
  ],
  async create(sections, contextOf) {
    // What stands here has gone through our own schema.
    const config = sections["wecom"] as WecomConfig | undefined;
    if (config === undefined) return { channels: [], warnings: [] };
    const { createWecomChannel } = await import("./channel.ts");
    return { channels: [createWecomChannel(config, contextOf("wecom"))], warnings: [] };
  },
};
