import { sendInOrder, type ChannelContext, type SendReceipt } from "@revka/core";
import { CODES, isRefusedWith } from "./codes.ts";
import type { Courier, Delivery } from "./courier.ts";
import { fileMessage, textContent, type MessageContent, type QqFile, type QqPart } from "./outbound.ts";
import { conversationIdOf } from "./recipient.ts";
import { rewrite, type Mend } from "./rewrite.ts";
import type { UploadFile } from "./upload.ts";

/** Where a part goes. */
export type Way = Omit<Delivery, "content">;

/** What sending a part needs. */
export interface SendPartMeans {
  readonly context: ChannelContext;
  readonly deliver: Courier;
  readonly upload: UploadFile;
}

/** Sends one part of a message. */
export type SendPart = (part: QqPart, way: Way) => Promise<SendReceipt>;

/** Sends parts; what the platform refuses of one is mended where it can be, each thing once. */
export function createSendPart({ context: { instance: channel, logger }, deliver, upload }: SendPartMeans): SendPart {
  async function sendText(content: MessageContent, way: Way, mended: readonly Mend[]): Promise<SendReceipt> {
    try {
      return await deliver({ ...way, content: () => Promise.resolve(content) });
    } catch (error) {
      const rewritten = rewrite(content, error);
      if (rewritten === undefined || mended.includes(rewritten.mend)) throw error;
      const { mend, contents } = rewritten;
      logger.info({ channel, conversationId: conversationIdOf(way.to), mend }, "QQ: the platform refused a text, sending it otherwise");
      return sendInOrder(contents, (piece, index) => sendText(piece, { ...way, key: pieceKey(way.key, index) }, [...mended, mend]));
    }
  }

  /** Nothing is uploaded before there is a way to send it. */
  async function sendFile(file: QqFile, way: Way): Promise<SendReceipt> {
    let ready: ReturnType<UploadFile> | undefined;
    const content = async (): Promise<MessageContent> => fileMessage((await (ready ??= upload(way.to, file, way.signal))).fileInfo);
    try {
      return await deliver({ ...way, content });
    } catch (error) {
      if (ready === undefined || !isRefusedWith(error, CODES.badUpload)) throw error;
      await (await ready).forget();
      ready = undefined;
      return deliver({ ...way, content });
    }
  }

  return (part, way) => (part.kind === "file" ? sendFile(part.file, way) : sendText(textContent(part.text, part.isMarkdown), way, []));
}

/** The first piece goes on with the key of the whole, and with what that was given to answer. */
function pieceKey(key: string, index: number): string {
  return index === 0 ? key : `${key}/${index}`;
}
