import type { AttachmentKind } from "@revka/core";

/** A file that an agent wants sent: named, not read. */
export interface MediaReference {
  readonly kind: AttachmentKind;
  /** A path, an https address or a `data:` URI; as trustworthy as the agent. */
  readonly target: string;
  /** What the file is called; by default what its target tells. */
  readonly name?: string;
}

/** One message of an answer: text that fits into one, or a file. */
export type ReplyPart = string | { readonly media: MediaReference };
