import type { ChannelDefinition, FieldDefinition } from "@revka/core";
import { HOSTS, qqSchema, type QqConfig } from "./config.ts";

const FIELDS: readonly FieldDefinition[] = [
  {
    key: "app_id",
    type: "string",
    description: "App ID from the QQ Bot developer console.",
    isRequired: true,
    example: "102000001",
  },
  {
    key: "app_secret",
    type: "string",
    description: "App Secret from the developer console.",
    isRequired: true,
    isSecret: true,
    example: "qq-app-secret",
  },
  {
    key: "allowed_users",
    type: "string-list",
    description:
      'QQ user IDs (C2C user_openid; in groups also member_openid) allowed to interact: [] denies everybody, ["*"] admits everybody. Begin with ["*"], confirm delivery, then tighten.',
    default: [],
    example: '["*"]',
  },
  {
    key: "proxy_url",
    type: "url",
    description: 'HTTP or SOCKS5 proxy for this channel alone; "direct" for none.',
    example: "socks5://proxy.example:1080",
  },
  {
    key: "notification_target",
    type: "string",
    description: "Where notifications go that answer nobody: user:<openid> or group:<group_openid>.",
    example: "user:0F5B7A1C",
    isAdvanced: true,
  },
  {
    key: "base_url",
    type: "url",
    description: "Takes the place of the platform's API host; plain http only to this machine, e.g. for a sandbox.",
    isAdvanced: true,
  },
  {
    key: "token_url",
    type: "url",
    description: "Takes the place of the host that gives access tokens; a base_url of your own gives them too.",
    isAdvanced: true,
  },
];

/** What a host needs to know of QQ; the channel itself is loaded when one is created. */
export const qqDefinition: ChannelDefinition = {
  sections: [
    {
      name: "qq",
      displayName: "QQ Official",
      description: "Tencent QQ Bot",
      region: "China",
      receiveMode: "Bot gateway WebSocket",
      platformUrl: HOSTS.api,
      helpUrl: "https://q.qq.com",
      idKinds: "QQ user IDs (user_openid)",
      fields: FIELDS,
      schema: qqSchema,
    },
  ],
  async create(sections, contextOf) {
    // What stands here has gone through our own schema.
    const config = sections["qq"] as QqConfig | undefined;
    if (config === undefined) return { channels: [], warnings: [] };
    const { createQqChannel } = await import("./channel.ts");
    return { channels: [createQqChannel(config, contextOf("qq"))], warnings: [] };
  },
};
