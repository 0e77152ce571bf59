import { dropAbsent, mediaTypeOfName, type Attachment, type AttachmentKind } from "@revka/core";
import * as v from "valibot";

/** Where a file is: the platform gives it out only together with the message that holds it. */
export interface ResourceRef {
  readonly messageId: string;
  readonly key: string;
  /** How the platform files it: pictures sent as such are images, everything else is a file. */
  readonly type: "image" | "file";
}

/** What a message says about a file. */
export interface FileFacts {
  readonly messageId: string;
  readonly key: string;
  readonly name?: string | undefined;
  readonly durationMs?: number | undefined;
}

const refSchema = v.object({ messageId: v.string(), key: v.string(), type: v.picklist(["image", "file"]) });

/** An attachment whose bytes `download` fetches. */
export function attachmentOf(kind: AttachmentKind, { messageId, key, name, durationMs }: FileFacts): Attachment {
  const mediaType = name === undefined ? undefined : mediaTypeOfName(name);
  return { kind, ref: { messageId, key, type: kind === "image" ? "image" : "file" }, ...dropAbsent({ name, mediaType, durationMs }) };
}

/**
 * Where the file of an attachment is.
 *
 * @throws TypeError when it is no attachment of this platform's.
 */
export function refOf({ ref }: Attachment): ResourceRef {
  const read = v.safeParse(refSchema, ref);
  if (!read.success) throw new TypeError("this attachment is none of Lark's");
  return read.output;
}
