import type { MessagePart } from "@revka/core";
import * as v from "valibot";
import { partsOf } from "./content.ts";
import * as lenient from "./lenient.ts";
import { LIMITS } from "./limits.ts";

const replySchema = v.object({
  isReplyMsg: lenient.flag,
  repliedMsg: lenient.record,
});

const repliedSchema = v.object({ msgId: lenient.id, msgType: lenient.text, content: v.optional(v.unknown()) });

/**
 * What a message answers: a quote of its words, then its files where they can still be fetched; nothing for a message
 * that answers none.
 */
export function quoteOf(body: Readonly<Record<string, unknown>>, robotCode: string | undefined, depth = 0): readonly MessagePart[] {
  const { isReplyMsg, repliedMsg } = lenient.read(replySchema, body);
  if (isReplyMsg !== true || depth >= LIMITS.quoteDepth) return [];
  const { msgId, msgType, content } = lenient.read(repliedSchema, repliedMsg);
  const packed = lenient.read(lenient.record, content);
  // Some clients send the bare words instead of an object.
  const isBare = typeof content === "string" && Object.keys(packed).length === 0;
  const parts = partsOf({ msgtype: msgType ?? "text", body: isBare ? { content } : packed }, robotCode);
  const inner = quoteOf(packed, robotCode, depth + 1);
  const text = [...wordsOf(inner), ...wordsOf(parts)].join("\n");
  const files = [...inner, ...parts].filter((part) => "ref" in part);
  return [{ kind: "quote", text, ...(msgId !== undefined && { messageId: msgId }) }, ...files];
}

/** Words, or else the kind of what has none. */
function wordsOf(parts: readonly MessagePart[]): readonly string[] {
  return parts.flatMap((part) => {
    if (part.kind === "text" || part.kind === "quote") return part.text === "" ? [] : [part.text];
    if (part.kind === "unsupported") return [`(${part.type})`];
    return "ref" in part ? [`(${part.transcript ?? part.name ?? part.kind})`] : [];
  });
}
