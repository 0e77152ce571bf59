/** The key of a webhook, and how it was given. */
export interface WebhookKey {
  /** Decoded: percent-encode it before it goes into a URL. */
  readonly key: string;
  /** It came inside the whole webhook URL, as the platform's page offers it for copying. */
  readonly isFromUrl: boolean;
}

/** Reads a webhook key, or takes it out of the whole webhook URL; undefined when there is none. */
export function parseWebhookKey(value: string): WebhookKey | undefined {
  const given = value.trim();
  const isFromUrl = /^https?:/i.test(given);
  const key = isFromUrl ? keyParameter(given) : given;
  return key === "" ? undefined : { key, isFromUrl };
}

function keyParameter(url: string): string {
  if (!URL.canParse(url)) return "";
  return new URL(url).searchParams.get("key")?.trim() ?? "";
}
