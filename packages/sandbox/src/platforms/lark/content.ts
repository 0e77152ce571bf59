import { hasPlaceholder, type Mentions } from "./mentions.ts";
import type { NewResource } from "./resources.ts";

/** A node of a post as it stands on the wire; the `bytes` of an image or a video are stored and their key stands in their place. */
export type LarkPostNode = Readonly<Record<string, unknown>> & { readonly tag: string; readonly bytes?: Uint8Array };

/** What a user sends. */
export type LarkContent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "post"; readonly title?: string; readonly content: readonly (readonly LarkPostNode[])[] }
  | { readonly type: "image"; readonly bytes: Uint8Array; readonly contentType?: string }
  | { readonly type: "file"; readonly bytes: Uint8Array; readonly fileName: string; readonly contentType?: string }
  | { readonly type: "audio"; readonly bytes: Uint8Array; readonly durationMs?: number }
  | { readonly type: "media"; readonly bytes: Uint8Array; readonly fileName: string; readonly durationMs?: number; readonly cover?: Uint8Array }
  /** Messages of others, passed on together. */
  | { readonly type: "merge_forward"; readonly messages: readonly { readonly user: string; readonly content: string | LarkContent }[] }
  /** Any kind, such as `location`, `sticker` or a `post` of another shape, with its content as it stands on the wire; a text stands for itself. */
  | { readonly type: "other"; readonly as: string; readonly content: unknown };

/** What a content turns into. */
export interface ContentOptions {
  readonly mentions: Mentions;
  /** Keeps a file and gives its key. */
  readonly store: (resource: NewResource) => string;
}

/** Type and JSON text of a message. */
export interface RenderedContent {
  readonly msgType: string;
  readonly content: string;
}

const FORWARDED = "Merged and Forwarded Message";

/** Makes the `message_type` and the `content` that carry a content. */
export function renderContent(content: LarkContent, options: ContentOptions): RenderedContent {
  const msgType = content.type === "other" ? content.as : content.type;
  const value = valueOf(content, options);
  return { msgType, content: typeof value === "string" ? value : JSON.stringify(value) };
}

function valueOf(content: LarkContent, options: ContentOptions): unknown {
  switch (content.type) {
    case "text":
      return { text: hasPlaceholder(content.text) ? content.text : options.mentions.prefix + content.text };
    case "post":
      return { title: content.title ?? "", content: renderPost(content.content, options) };
    case "merge_forward":
      return { content: FORWARDED };
    case "other":
      return content.content;
    default:
      return fileFields(content, options.store);
  }
}

type FileContent = Extract<LarkContent, { readonly bytes: Uint8Array }>;

/** Kinds that are a file, and the type of the file unless told otherwise. */
const CONTENT_TYPES: Readonly<Record<FileContent["type"], string>> = { image: "image/png", file: "application/octet-stream", audio: "audio/ogg", media: "video/mp4" };
/** What stands for the first picture of a video: the beginning of a JPEG. */
const COVER = Uint8Array.of(0xff, 0xd8, 0xff);

function fileFields(content: FileContent, store: ContentOptions["store"]): object {
  const { type, bytes } = content;
  const name = "fileName" in content ? { name: content.fileName } : {};
  const contentType = ("contentType" in content ? content.contentType : undefined) ?? CONTENT_TYPES[type];
  const key = store({ type: type === "image" ? "image" : "file", bytes, contentType, ...name });
  if (type === "image") return { image_key: key };
  const cover = type === "media" ? { image_key: store({ type: "image", bytes: content.cover ?? COVER, contentType: "image/jpeg" }) } : {};
  const duration = type === "file" ? {} : { duration: content.durationMs ?? 1_000 };
  return { file_key: key, ...cover, ...("fileName" in content ? { file_name: content.fileName } : {}), ...duration };
}

function renderPost(paragraphs: readonly (readonly LarkPostNode[])[], { mentions, store }: ContentOptions): readonly (readonly object[])[] {
  const stored = paragraphs.map((nodes) => nodes.map((node) => withKey(node, store)));
  if (mentions.nodes.length === 0 || hasPlaceholder(JSON.stringify(stored))) return stored;
  const [first = [], ...rest] = stored;
  return [[...mentions.nodes, ...first], ...rest];
}

function withKey({ bytes, ...node }: LarkPostNode, store: ContentOptions["store"]): object {
  if (bytes === undefined) return node;
  return node.tag === "img" ? { ...node, image_key: store({ type: "image", bytes, contentType: "image/png" }) } : { ...node, file_key: store({ type: "file", bytes }) };
}
