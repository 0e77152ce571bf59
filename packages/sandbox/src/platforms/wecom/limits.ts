/** WeCom's numbers for group-bot webhooks (official page "消息推送配置说明"), and what the emulator keeps. */
export const LIMITS = {
  textBytes: 2048,
  markdownBytes: 4096,
  /** 2 MiB. */
  imageBytes: 2_097_152,
  articleCount: 8,
  articleTitleBytes: 128,
  articleDescriptionBytes: 512,
  /** An uploaded file must be larger than this. */
  minFileBytes: 5,
  /** 20 MiB. */
  fileBytes: 20_971_520,
  /** 2 MiB. */
  voiceBytes: 2_097_152,
  voiceMs: 60_000,
  /** 3 days. */
  mediaLifeMs: 259_200_000,
  /** Messages that one key may send in a window. */
  windowCount: 20,
  windowMs: 60_000,
  /** Messages, uploads and keys that are kept. */
  keptCount: 10_000,
} as const;
