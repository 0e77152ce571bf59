import { isLoopback, type ChannelDefinition, type FieldDefinition } from "@revka/core";
import { DEFAULTS, mochatSchema, type MochatConfig } from "./config.ts";

const FIELDS: readonly FieldDefinition[] = [
  {
    key: "api_url",
    type: "url",
    description: "Base URL of your Mochat bridge; a slash at its end is stripped.",
    isRequired: true,
    example: "https://mochat.example.com",
  },
  {
    key: "api_token",
    type: "string",
    description: "The bearer token the bridge asks for.",
    isRequired: true,
    isSecret: true,
    example: "mochat-api-token",
  },
  {
    key: "allowed_users",
    type: "string-list",
    description: 'Mochat user IDs (fromUserId) that may write: [] denies everybody, ["*"] admits everybody. Begin with ["*"], confirm delivery, then tighten.',
    default: DEFAULTS.allowedUsers,
    example: '["*"]',
  },
  {
    key: "poll_interval_secs",
    type: "number",
    description: "Seconds between receive polls, at least 1.",
    default: DEFAULTS.pollIntervalMs / 1000,
  },
  {
    key: "receive_timeout_secs",
    type: "number",
    description: "How many seconds a poll may take; raise it for a bridge that holds polls back longer.",
    default: DEFAULTS.receiveTimeoutMs / 1000,
    isAdvanced: true,
  },
  {
    key: "skip_backlog",
    type: "boolean",
    description: "On the very first start, mark what the first poll brings as seen instead of answering it.",
    default: DEFAULTS.skipBacklog,
    isAdvanced: true,
  },
  {
    key: "ignore_users",
    type: "string-list",
    description: "Mochat user IDs that are never answered, e.g. the bot's own where the bridge echoes its messages.",
    default: DEFAULTS.ignoreUsers,
    isAdvanced: true,
  },
  {
    key: "max_message_chars",
    type: "integer",
    description: "Longer replies are split, at line ends where possible; 0 for no splitting.",
    default: DEFAULTS.maxMessageChars,
    isAdvanced: true,
  },
  {
    key: "notification_target",
    type: "string",
    description: "The Mochat user ID that messages without a recipient go to.",
    isAdvanced: true,
  },
  {
    key: "idempotent_send",
    type: "boolean",
    description: "The bridge drops a repeated message with the same Idempotency-Key header, so lost answers may be repeated.",
    default: DEFAULTS.idempotentSend,
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

/** What a host needs to know of Mochat; the channel itself is loaded when one is created. */
export const mochatDefinition: ChannelDefinition = {
  sections: [
    {
      name: "mochat",
      displayName: "Mochat",
      description: "Mochat Customer Service",
      region: "Self-hosted",
      receiveMode: "HTTP polling",
      idKinds: "Mochat user IDs (fromUserId)",
      fields: FIELDS,
      schema: mochatSchema,
    },
  ],
  async create(sections, contextOf) {
    // What stands here has gone through our own schema.
    const config = sections["mochat"] as MochatConfig | undefined;
    if (config === undefined) return { channels: [], warnings: [] };
    const { createMochatChannel } = await import("./channel.ts");
    return { channels: [createMochatChannel(config, contextOf("mochat"))], warnings: warningsOf(config) };
  },
};

function warningsOf({ apiUrl }: MochatConfig): string[] {
  const url = new URL(apiUrl);
  if (url.protocol === "https:" || isLoopback(url)) return [];
  return ["Mochat: [channels_config.mochat].api_url is plain http, so the token and every message travel unencrypted"];
}
