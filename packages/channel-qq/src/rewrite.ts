import { splitText } from "@revka/core";
import { CODES, isRefusedWith } from "./codes.ts";
import { LIMITS } from "./limits.ts";
import { textContent, type MessageContent } from "./outbound.ts";
import { toPlainText } from "./plain-text.ts";

/** What can be mended in a refused text. */
export type Mend = "markdown" | "address" | "length";

/** A text that the platform may take instead of the one that it refused. */
export interface Rewritten {
  readonly mend: Mend;
  /** In order. */
  readonly contents: readonly MessageContent[];
}

const SMALLEST_BYTES = 64;

/**
 * What to send instead of a text that was refused with `error`; undefined where nothing can be mended, or files are sent.
 *
 * Markdown becomes plain text, addresses are broken up so that the platform takes them for none, a text that is too long
 * becomes several.
 */
export function rewrite(content: MessageContent, error: unknown): Rewritten | undefined {
  if (content.msg_type === 7) return undefined;
  const isMarkdown = content.msg_type === 2;
  const text = isMarkdown ? content.markdown.content : content.content;
  const plain = isMarkdown ? toPlainText(text) : text;
  if (isRefusedWith(error, CODES.markdown) && isMarkdown) return { mend: "markdown", contents: [textContent(plain, false)] };
  if (isRefusedWith(error, CODES.address)) return { mend: "address", contents: [textContent(withoutAddresses(plain), false)] };
  if (!isRefusedWith(error, CODES.tooLong)) return undefined;
  const limit = Math.max(SMALLEST_BYTES, Math.ceil(Math.min(Buffer.byteLength(text), LIMITS.textBytes) * (2 / 3)));
  return { mend: "length", contents: splitText(text, { limit, unit: "bytes" }).map((piece) => textContent(piece, isMarkdown)) };
}

/** What the platform takes for an address, rightly or not: `crawler.py` is one to it. */
const HOST_LIKE = /[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.\p{L}[\p{L}\p{N}_-]*/gu;

function withoutAddresses(text: string): string {
  return text.replaceAll(/[a-z][a-z\d+.-]*:\/\//gi, "").replaceAll(HOST_LIKE, (word) => word.replaceAll(".", "．"));
}
