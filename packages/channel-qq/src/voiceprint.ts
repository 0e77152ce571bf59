import { createHash } from "node:crypto";
import type { QqMessage } from "./message-event.ts";

/**
 * What makes a voice message the same as another that came with a different id, which happens: where and by whom it was
 * said, and its files and words. Undefined for a message without voice.
 */
export function voiceprintOf({ attachments, senderIds }: QqMessage, conversationId: string): string | undefined {
  const voices = attachments.filter(({ contentType, url, wavUrl }) => /voice|^audio\//.test(contentType) && (url ?? wavUrl) !== undefined);
  if (voices.length === 0) return undefined;
  const files = voices.map(({ url, wavUrl, name, transcript }) => [fileOf(url ?? wavUrl ?? ""), name ?? null, transcript ?? null]);
  return createHash("sha256").update(JSON.stringify([conversationId, senderIds[0], files])).digest("hex");
}

/** An address without its query, which holds a new signature each time, but for the file's id. */
function fileOf(address: string): string {
  const url = URL.parse(address);
  return url === null ? address : `${url.host}${url.pathname} ${url.searchParams.get("fileid") ?? ""}`;
}
