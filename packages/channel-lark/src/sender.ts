import { randomUUID } from "node:crypto";
import { createKeyedQueue, isChannelError, sendInOrder, type Channel, type ChannelContext, type ReplyTarget, type SendReceipt } from "@revka/core";
import type { LarkApi } from "./api.ts";
import { halve } from "./card.ts";
import type { Deliver } from "./deliver.ts";
import { LIMITS } from "./limits.ts";
import { asCard, asMedia, asPost, asText, render, type LarkContent, type LarkPart } from "./outbound.ts";
import { CARD_REFUSED, isCode, WRONG_MEDIA } from "./platform-codes.ts";
import { sendPatiently } from "./send-patiently.ts";
import { uploadFile, type Upload } from "./upload.ts";
import { uuidOf } from "./uuid.ts";

/** What sending needs. */
export interface SenderOptions {
  readonly context: ChannelContext;
  readonly api: LarkApi;
  readonly deliver: Deliver;
}

/** Where one part goes, and by which key. */
interface Course {
  readonly target: ReplyTarget;
  readonly key: string;
  /** The part's own: its number, and that of each half it is cut into. */
  readonly place: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Sends messages: those to one conversation in the order of the calls, others side by side.
 *
 * A card that the platform refuses goes out again in halves, then as a rich text, then as plain text. A file that it does not
 * take for what it is goes out as a plain file.
 */
export function createSender({ context, api, deliver }: SenderOptions): Channel["send"] {
  const { instance: channel, logger } = context;
  const queue = createKeyedQueue({ maxParallel: LIMITS.sendsInFlight, maxWaiting: LIMITS.sendsWaiting });

  /** @param form - tells the forms of a part apart that follow one another; the first has none. */
  function post({ target, key, place, signal }: Course, content: LarkContent, form = ""): Promise<SendReceipt> {
    return deliver(target, content, { uuid: uuidOf(key, place + form), signal });
  }
  async function sendMarkdown(course: Course, text: string, halvings = 0): Promise<SendReceipt> {
    try {
      return await post(course, asCard(text));
    } catch (error) {
      if (!isCode(error, CARD_REFUSED)) throw error;
      logger.warn({ channel, error: String(error) }, "Lark: a card was refused, sending its text in another form");
    }
    const halves = halvings < LIMITS.halvings ? halve(text) : [];
    if (halves.length > 1) return sendInOrder(halves, (half, index) => sendMarkdown({ ...course, place: `${course.place}.${index}` }, half, halvings + 1));
    try {
      return await post(course, asPost(text), ":post");
    } catch (error) {
      if (!isChannelError(error) || error.code !== "platform") throw error;
      return await post(course, asText(text), ":text");
    }
  }
  async function sendFile(course: Course, [upload, ...others]: readonly Upload[]): Promise<SendReceipt> {
    if (upload === undefined) throw new TypeError("there is no way to upload this");
    const { signal } = course;
    try {
      const fileKey = await sendPatiently(() => uploadFile(api, upload, signal), { context, signal });
      return await post(course, asMedia(upload, fileKey), `:${upload.msgType}`);
    } catch (error) {
      const isUnfit = isChannelError(error) && error.code === "platform" && (isUploadCode(error.platformCode) || WRONG_MEDIA.has(error.platformCode));
      if (!isUnfit || others.length === 0) throw error;
      logger.debug({ channel, error: error.message }, "Lark: a medium was refused, sending it as a file");
      return sendFile(course, others);
    }
  }
  function sendPart(course: Course, part: LarkPart): Promise<SendReceipt> {
    if (part.kind === "markdown") return sendMarkdown(course, part.text);
    return part.kind === "text" ? post(course, asText(part.text)) : sendFile(course, part.uploads);
  }

  return async (message, signal) => {
    const { target, idempotencyKey: key = randomUUID() } = message;
    const parts = render(message, channel);
    const send = (part: LarkPart, index: number): Promise<SendReceipt> => sendPart({ target, key, place: String(index), signal }, part);
    const receipt = await queue.run(target.conversationId, () => sendInOrder(parts, send), signal);
    logger.debug({ channel, conversationId: target.conversationId, route: receipt.route }, "Lark: message delivered");
    return receipt;
  };
}

/** All refusals of files begin so. */
function isUploadCode(code: string): boolean {
  return /^234\d{3}$/.test(code);
}
