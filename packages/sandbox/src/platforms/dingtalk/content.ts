/** A piece of a rich text: words, a picture, or a piece as it stands on the wire. */
export type DingtalkSegment = { readonly text: string } | { readonly picture: Uint8Array } | Readonly<Record<string, unknown>>;

/** What a user sends. */
export type DingtalkContent =
  | { readonly msgtype: "text"; readonly text: string }
  | { readonly msgtype: "richText"; readonly segments: readonly DingtalkSegment[] }
  | { readonly msgtype: "picture"; readonly bytes: Uint8Array }
  /** `recognition` is the platform's transcript. */
  | { readonly msgtype: "audio"; readonly bytes: Uint8Array; readonly recognition?: string; readonly durationMs?: number }
  | { readonly msgtype: "video"; readonly bytes: Uint8Array; readonly videoType?: string; readonly duration?: number | string }
  | { readonly msgtype: "file"; readonly bytes: Uint8Array; readonly fileName: string }
  /** Any other kind, such as `chatRecord`, with its `content` as it stands on the wire. */
  | { readonly msgtype: "other"; readonly as: string; readonly content?: unknown };

/** The message that a user answers, as it is quoted. */
export interface DingtalkQuote {
  readonly msgType: string;
  readonly content: unknown;
  readonly msgId?: string;
  readonly senderId?: string;
}

/** The fields of a payload that depend on its kind. */
export interface ContentFields {
  readonly msgtype: string;
  readonly text?: Readonly<Record<string, unknown>>;
  readonly content?: unknown;
}

/** What a content turns into. */
export interface ContentOptions {
  readonly isGroup: boolean;
  readonly quote?: DingtalkQuote;
  /** Keeps a file and gives its download code. */
  readonly store: (bytes: Uint8Array) => string;
  /** Epoch ms. */
  readonly at: number;
}

/** Kinds that group members cannot send to a robot ("接收消息"). */
const PRIVATE_KINDS: readonly string[] = ["audio", "video", "file"];

/**
 * Makes the fields that carry a content.
 *
 * @throws TypeError for a kind that does not exist in groups.
 */
export function renderContent(content: DingtalkContent, options: ContentOptions): ContentFields {
  if (options.isGroup && PRIVATE_KINDS.includes(content.msgtype)) throw new TypeError(`DingTalk brings robots no ${content.msgtype} from groups`);
  const quote = quoteFields(options);
  // The client takes the mention of the robot away and leaves the space behind it.
  if (content.msgtype === "text") return { msgtype: "text", text: { content: options.isGroup ? ` ${content.text}` : content.text, ...quote } };
  if (content.msgtype === "other") return { msgtype: content.as, ...(content.content === undefined ? {} : { content: content.content }) };
  return { msgtype: content.msgtype, content: { ...fieldsOf(content, options), ...quote } };
}

function fieldsOf(content: Exclude<DingtalkContent, { msgtype: "text" | "other" }>, { store }: ContentOptions): object {
  switch (content.msgtype) {
    case "richText":
      return { richText: content.segments.map((segment) => renderSegment(segment, store)) };
    case "picture":
      return pictureFields(content.bytes, store);
    case "audio":
      return { downloadCode: store(content.bytes), recognition: content.recognition ?? "", duration: content.durationMs };
    case "video":
      return { downloadCode: store(content.bytes), videoType: content.videoType ?? "mp4", duration: content.duration };
    case "file":
      return { downloadCode: store(content.bytes), fileName: content.fileName, spaceId: "22300001", fileId: "11700001" };
  }
}

function renderSegment(segment: DingtalkSegment, store: ContentOptions["store"]): object {
  return "picture" in segment && segment.picture instanceof Uint8Array ? { type: "picture", ...pictureFields(segment.picture, store) } : segment;
}

/** The second code is one that the download interface cannot serve (seen in the field). */
function pictureFields(bytes: Uint8Array, store: ContentOptions["store"]): object {
  const downloadCode = store(bytes);
  return { downloadCode, pictureDownloadCode: `${PICTURE_CODE_PREFIX}${downloadCode}` };
}

/** How the download codes begin that come beside those that work. */
export const PICTURE_CODE_PREFIX = "picture-";

function quoteFields({ quote, at }: ContentOptions): object {
  if (quote === undefined) return {};
  return { isReplyMsg: true, repliedMsg: { msgId: "msgQUOTED==", senderId: "$:LWCP_v1:$sandboxbot", createdAt: at, ...quote } };
}
