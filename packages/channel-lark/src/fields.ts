import type { FieldDefinition } from "@revka/core";
import { DEFAULTS } from "./config.ts";
import { HOSTS, type LarkRegion } from "./region.ts";

/** The keys of `[channels_config.lark]` or `[channels_config.feishu]`. */
export function fieldsOf(section: LarkRegion): readonly FieldDefinition[] {
  return [
    {
      key: "app_id",
      type: "string",
      description: "App ID from the developer console.",
      isRequired: true,
      example: "cli_a0b1c2d3e4f50617",
    },
    {
      key: "app_secret",
      type: "string",
      description: "App Secret from the developer console.",
      isRequired: true,
      isSecret: true,
      example: "app-secret",
    },
    {
      key: "allowed_users",
      type: "string-list",
      description: 'Open IDs or union IDs allowed to interact: [] denies everybody, ["*"] admits everybody. Begin with ["*"], confirm delivery, then tighten.',
      default: DEFAULTS.allowedUsers,
      example: '["*"]',
    },
    {
      key: "mention_only",
      type: "boolean",
      description: "In group chats, answer only when the bot is @-mentioned. Direct messages are always answered.",
      default: DEFAULTS.mentionOnly,
    },
    {
      key: "receive_mode",
      type: "choice",
      description: "How events arrive: over a WebSocket that goes out, or as requests to a port of this machine.",
      choices: ["websocket", "webhook"],
      default: DEFAULTS.receiveMode,
    },
    ...webhookFields(section),
    ...(section === "lark" ? [USE_FEISHU] : []),
    {
      key: "proxy_url",
      type: "url",
      description: 'HTTP or SOCKS5 proxy for this channel alone; "direct" for none.',
      example: "socks5://proxy.example:1080",
    },
    {
      key: "base_url",
      type: "url",
      description: `Takes the place of ${HOSTS[section]}; plain http only to this machine, e.g. for a sandbox.`,
      isAdvanced: true,
    },
    TRANSCRIPTION,
  ];
}

const IN_WEBHOOK_MODE = { key: "receive_mode", is: "webhook" } as const;

function webhookFields(section: LarkRegion): readonly FieldDefinition[] {
  return [
    {
      key: "port",
      type: "integer",
      description: "Port of the webhook listener; needed in webhook mode, where a tunnel or a proxy with HTTPS stands in front of it.",
      example: "8081",
      askedWhen: IN_WEBHOOK_MODE,
    },
    {
      key: "verification_token",
      type: "string",
      description: "What requests to the webhook must name; from the developer console. Webhook mode only.",
      isSecret: true,
      example: "verification-token",
      askedWhen: IN_WEBHOOK_MODE,
    },
    {
      key: "encrypt_key",
      type: "string",
      description: "Decrypts requests to the webhook and checks their signature; from the developer console. Webhook mode only.",
      isSecret: true,
      example: "encrypt-key",
      askedWhen: IN_WEBHOOK_MODE,
    },
    {
      key: "host",
      type: "string",
      description: "Address that the webhook listener binds to. One that others can reach needs verification_token or encrypt_key.",
      default: DEFAULTS.host,
      isAdvanced: true,
    },
    {
      key: "path",
      type: "string",
      description: "Path that the webhook is posted to.",
      default: `/${section}`,
      isAdvanced: true,
    },
  ];
}

const USE_FEISHU: FieldDefinition = {
  key: "use_feishu",
  type: "boolean",
  description: "Old way to reach Feishu with this section; prefer [channels_config.feishu].",
  default: false,
  isAdvanced: true,
};

function credential(key: string, description: string): FieldDefinition {
  return { key, type: "string", description, isSecret: true };
}

/** A provider's own table of keys. */
function provider(key: string, description: string, fields: readonly FieldDefinition[]): FieldDefinition {
  return { key, type: "table", description, fields };
}

/** The host reads it; here it is only described. */
const TRANSCRIPTION: FieldDefinition = {
  key: "transcription",
  type: "table",
  description: "Voice-to-text for audio messages of up to 25 MB; takes the place of [transcription] for this channel.",
  isAdvanced: true,
  fields: [
    { key: "enabled", type: "boolean", description: "Whether voice is transcribed." },
    {
      key: "default_provider",
      type: "choice",
      description: "Who transcribes.",
      choices: ["groq", "openai", "deepgram", "assemblyai", "google", "local_whisper"],
    },
    credential("api_key", "Key of the provider's API."),
    { key: "api_url", type: "url", description: "Any endpoint that speaks Whisper's protocol." },
    { key: "model", type: "string", description: "Model that transcribes." },
    { key: "language", type: "string", description: "Language that is spoken, as in ISO 639-1." },
    { key: "initial_prompt", type: "string", description: "Words that are likely to come up." },
    { key: "max_duration_secs", type: "integer", description: "Longer voice messages are not transcribed." },
    provider("openai", "OpenAI's transcription.", [credential("api_key", "Key of OpenAI's API."), { key: "model", type: "string", description: "OpenAI's model." }]),
    provider("deepgram", "Deepgram's transcription.", [credential("api_key", "Key of Deepgram's API."), { key: "model", type: "string", description: "Deepgram's model." }]),
    provider("assemblyai", "AssemblyAI's transcription.", [credential("api_key", "Key of AssemblyAI's API.")]),
    provider("google", "Google's transcription.", [
      credential("api_key", "Key of Google's API."),
      { key: "language_code", type: "string", description: "Language that is spoken, as in BCP 47." },
    ]),
    provider("local_whisper", "A Whisper server of your own.", [
      { key: "url", type: "url", description: "Where it is." },
      credential("bearer_token", "Token that it wants."),
      { key: "max_audio_bytes", type: "integer", description: "Larger files are not sent to it." },
      { key: "timeout_secs", type: "integer", description: "How long it may take." },
    ]),
  ],
};
