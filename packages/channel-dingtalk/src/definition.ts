import type { ChannelDefinition, FieldDefinition } from "@revka/core";
import { DEFAULTS, HOSTS, dingtalkSchema, type DingtalkConfig } from "./config.ts";

const FIELDS: readonly FieldDefinition[] = [
  {
    key: "client_id",
    type: "string",
    description: "App Key from the DingTalk developer console.",
    isRequired: true,
    example: "ding-app-key",
  },
  {
    key: "client_secret",
    type: "string",
    description: "App Secret from the DingTalk developer console.",
    isRequired: true,
    isSecret: true,
    example: "ding-app-secret",
  },
  {
    key: "allowed_users",
    type: "string-list",
    description:
      'DingTalk staff IDs (senderStaffId) allowed to interact: [] denies everybody, ["*"] admits everybody. Begin with ["*"], confirm delivery, then tighten.',
    default: DEFAULTS.allowedUsers,
    example: '["*"]',
  },
  {
    key: "proxy_url",
    type: "url",
    description: 'HTTP or SOCKS5 proxy for this channel alone; "direct" for none.',
    example: "socks5://proxy.example:1080",
  },
  {
    key: "proactive_send",
    type: "boolean",
    description: "Sends through the robot API where no session webhook is alive; the app needs the permissions for it.",
    default: DEFAULTS.proactiveSend,
    isAdvanced: true,
  },
  {
    key: "sender_fallback_to_group",
    type: "boolean",
    description: "A private answer to somebody who wrote in a group only goes to that group, for all to read.",
    default: DEFAULTS.senderFallbackToGroup,
    isAdvanced: true,
  },
  {
    key: "robot_code",
    type: "string",
    description: "The robot's code where it is not the client_id, as with old apps.",
    isAdvanced: true,
  },
  {
    key: "base_url",
    type: "url",
    description: "Takes the place of both DingTalk API hosts; plain http only to this machine, e.g. for a sandbox.",
    isAdvanced: true,
  },
];

/** What a host needs to know of DingTalk; the channel itself is loaded when one is created. */
export const dingtalkDefinition: ChannelDefinition = {
  sections: [
    {
      name: "dingtalk",
      displayName: "DingTalk",
      description: "DingTalk robot in Stream Mode",
      region: "China",
      receiveMode: "Stream Mode WebSocket",
      platformUrl: HOSTS.api,
      helpUrl: "https://open-dev.dingtalk.com",
      idKinds: "DingTalk staff IDs (senderStaffId)",
      fields: FIELDS,
      schema: dingtalkSchema,
    },
  ],
  async create(sections, contextOf) {
    // What stands here has gone through our own schema.
    const config = sections["dingtalk"] as DingtalkConfig | undefined;
    if (config === undefined) return { channels: [], warnings: [] };
    const { createDingtalkChannel } = await import("./channel.ts");
    return { channels: [createDingtalkChannel(config, contextOf("dingtalk"))], warnings: [] };
  },
};
