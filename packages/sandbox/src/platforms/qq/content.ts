import type { StoredFile } from "./media.ts";

/** A piece of a text: words, a face, somebody who is mentioned, or what stands on the wire as it is. */
export type QqSegment = string | { readonly face: string; readonly name: string } | { readonly mention: string } | { readonly raw: string };

/** A file in a message. */
export interface QqAttachment {
  readonly kind: "image" | "video" | "voice" | "file";
  readonly bytes: Uint8Array;
  /** Default one in the platform's style. */
  readonly name?: string;
  readonly contentType?: string;
  /** The platform's transcript of a voice. */
  readonly transcript?: string;
  /** The rendition of a voice that everybody can play. */
  readonly wav?: Uint8Array;
  /** Fields that are added to it or replace its own, such as `url`; `undefined` takes one away. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

/** What stands in a message, or in one that it quotes or forwards. */
export interface QqContent {
  readonly text?: string | readonly QqSegment[];
  readonly attachments?: readonly QqAttachment[];
  /** The message that is answered: the id of one that the platform saw, or what stands in it. */
  readonly quote?: string | QqElement;
  /** A chat record that is passed on. */
  readonly forwarded?: readonly QqElement[];
  /** A card, as it stands on the wire. */
  readonly ark?: Readonly<Record<string, unknown>>;
}

/** A message inside a message. */
export interface QqElement extends QqContent {
  /** What it is quoted by; default a fresh one. */
  readonly refIdx?: string;
  readonly author?: Readonly<Record<string, unknown>>;
  /** Whether only its `refIdx` is told. */
  readonly isWithheld?: boolean;
}

/** What a content is written with. */
export interface ContentContext {
  /** Keeps a user's file. */
  readonly store: (bytes: Uint8Array, contentType: string) => StoredFile;
  readonly linkTo: (file: StoredFile) => string;
  readonly find: (messageId: string) => QqElement | undefined;
  readonly newRefIdx: () => string;
}

/** The fields of an event that come from its content. */
export interface ContentFields {
  readonly content: string;
  readonly message_type: number;
  readonly attachments: readonly object[];
  readonly msg_elements?: readonly object[];
  readonly ark_data?: object;
}

/** Numbers of `message_type` (`C2C_MESSAGE_CREATE`). */
const MESSAGE_TYPE = { text: 0, ark: 3, forwarded: 102, quote: 103 } as const;

/** How each kind of file is called and declared. */
const FILES: Readonly<Record<QqAttachment["kind"], readonly [name: string, contentType: string]>> = {
  image: ["9E107D9D372BB6826BD81D3542A419D6.png", "image/png"],
  video: ["3542A419D69E107D9D372BB6826BD81D.mp4", "video/mp4"],
  voice: ["372bb6826bd81d35.amr", "voice"],
  file: ["file.bin", "file"],
};

/** Makes the fields that carry a content, and tells what it quotes. @throws RangeError when it quotes a message that nobody knows. */
export function renderContent(content: QqContent, context: ContentContext): { readonly fields: ContentFields; readonly quotes?: string } {
  const quote = content.quote === undefined ? undefined : quoted(content.quote, context);
  const elements = [...(quote === undefined || quote.isWithheld === true ? [] : [quote]), ...(content.forwarded ?? [])];
  return {
    fields: {
      content: typeof content.text === "object" ? content.text.map(renderSegment).join("") : escapeText(content.text ?? ""),
      message_type: typeOf(content),
      attachments: (content.attachments ?? []).map((attachment) => renderAttachment(attachment, context)),
      ...(elements.length === 0 ? {} : { msg_elements: elements.map((element) => renderElement(element, context)) }),
      ...(content.ark === undefined ? {} : { ark_data: content.ark }),
    },
    ...(quote?.refIdx === undefined ? {} : { quotes: quote.refIdx }),
  };
}

function typeOf({ quote, forwarded, ark }: QqContent): number {
  if (quote !== undefined) return MESSAGE_TYPE.quote;
  if (forwarded !== undefined) return MESSAGE_TYPE.forwarded;
  return ark === undefined ? MESSAGE_TYPE.text : MESSAGE_TYPE.ark;
}

function quoted(quote: string | QqElement, { find, newRefIdx }: ContentContext): QqElement {
  if (typeof quote !== "string") return { refIdx: newRefIdx(), ...quote };
  const known = find(quote);
  if (known === undefined) throw new RangeError(`no message has the id ${quote}`);
  return known;
}

function renderElement({ refIdx, author, isWithheld: _isWithheld, ...content }: QqElement, context: ContentContext): object {
  return { msg_idx: refIdx ?? context.newRefIdx(), ...renderContent(content, context).fields, ...(author === undefined ? {} : { author }) };
}

function renderSegment(segment: QqSegment): string {
  if (typeof segment === "string") return escapeText(segment);
  if ("raw" in segment) return segment.raw;
  if ("mention" in segment) return `<@${segment.mention}>`;
  const ext = Buffer.from(JSON.stringify({ text: segment.name })).toString("base64");
  return `<faceType=1,faceId="${segment.face}",ext="${ext}">`;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function renderAttachment({ kind, bytes, transcript, wav, overrides, ...given }: QqAttachment, { store, linkTo }: ContentContext): object {
  const [filename, usualType] = FILES[kind];
  const contentType = given.contentType ?? usualType;
  const isSeen = kind === "image" || kind === "video";
  return {
    content_type: contentType,
    filename: given.name ?? filename,
    size: bytes.length,
    ...(isSeen ? { width: 640, height: 480 } : {}),
    url: linkTo(store(bytes, contentType.includes("/") ? contentType : "application/octet-stream")),
    ...(wav === undefined ? {} : { voice_wav_url: linkTo(store(wav, "audio/wav")) }),
    ...(transcript === undefined ? {} : { asr_refer_text: transcript }),
    ...overrides,
  };
}
