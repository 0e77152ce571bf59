/** WeCom's numbers for group-bot webhooks (official page "消息推送配置说明"), and what the emulator keeps. */
export const LIMITS = {
  textBytes: 2048,
  markdownBytes: 4096,
  imageBytes: 2 * 1024 * 1024,
  articleCount: 8,
  articleTitleBytes: 128,
  articleDescriptionBytes: 512,
  /** An uploaded file must be larger than this. */
  minFileBytes: 5,
  fileBytes: 20 * 1024 * 1024,
  voiceBytes: 2 * 1024 * 1024,
  voiceMs: 60_000,
  mediaLifeMs: 3 * 24 * 60 * 60 * 1000,
  /** Messages that one key may send in a window. */
  windowCount: 20,
  windowMs: 60_000,
  /** Messages, uploads and keys that are kept. */
  keptCount: 10_000,
} as const;
