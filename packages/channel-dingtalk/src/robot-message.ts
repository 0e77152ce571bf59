import * as v from "valibot";
import * as lenient from "./lenient.ts";

/** A robot message as the platform sends it, every field as far as it was fit to read. */
export interface RobotMessage {
  readonly msgId: string | undefined;
  readonly msgtype: string;
  readonly conversationId: string | undefined;
  /** `"1"` with one person, `"2"` in a group. */
  readonly isGroup: boolean;
  readonly conversationTitle: string | undefined;
  /** Epoch ms, by the platform's clock. */
  readonly createAt: number | undefined;
  /** Opaque; every sender has one. */
  readonly senderId: string | undefined;
  /** Only members of the robot's organisation have one, and only once the robot is published. */
  readonly senderStaffId: string | undefined;
  readonly senderNick: string | undefined;
  readonly chatbotUserId: string | undefined;
  readonly robotCode: string | undefined;
  readonly isInAtList: boolean | undefined;
  /** Opaque ids of whoever is mentioned. */
  readonly mentionedIds: readonly string[];
  readonly sessionWebhook: string | undefined;
  /** Epoch ms, by the platform's clock. */
  readonly sessionWebhookExpiredTime: number | undefined;
  /** What the kind of message needs: `text`, or `content`. */
  readonly content: Readonly<Record<string, unknown>>;
  /** Set instead of a content when the organisation's quota is used up. */
  readonly refusal: { readonly code: string; readonly text: string } | undefined;
}

const code = v.fallback(v.optional(v.pipe(v.union([v.string(), v.number()]), v.transform(String))), undefined);

const messageSchema = v.pipe(
  v.object({
    msgId: lenient.key,
    msgtype: lenient.text,
    conversationId: lenient.key,
    conversationType: code,
    conversationTitle: lenient.id,
    createAt: lenient.number,
    // One of the platform's samples spells it so.
    createA: lenient.number,
    senderId: lenient.key,
    senderStaffId: lenient.key,
    senderNick: lenient.id,
    chatbotUserId: lenient.id,
    robotCode: lenient.id,
    isInAtList: lenient.flag,
    atUsers: lenient.records,
    sessionWebhook: lenient.id,
    sessionWebhookExpiredTime: lenient.number,
    text: lenient.record,
    content: lenient.record,
    errorCode: code,
    errCode: code,
    errorMessage: lenient.text,
    errMsg: lenient.text,
  }),
  v.transform(({ conversationType, createAt, createA, atUsers, text, content, errorCode, errCode, errorMessage, errMsg, msgtype, ...rest }): RobotMessage => {
    const refusalCode = errorCode ?? errCode;
    return {
      ...rest,
      msgtype: msgtype ?? "",
      isGroup: conversationType === "2",
      createAt: createAt ?? createA,
      mentionedIds: atUsers.flatMap(({ dingtalkId }) => (typeof dingtalkId === "string" ? [dingtalkId] : [])),
      content: { ...content, ...text },
      refusal: refusalCode === undefined || refusalCode === "0" ? undefined : { code: refusalCode, text: errorMessage ?? errMsg ?? "" },
    };
  }),
);

/** Reads the `data` of a robot message; undefined when it is no JSON object that names a sender and a conversation. */
export function decodeRobotMessage(data: string): RobotMessage | undefined {
  const message = v.safeParse(v.pipe(v.string(), v.parseJson(), messageSchema), data);
  if (!message.success) return undefined;
  const { senderId, senderStaffId, conversationId, refusal } = message.output;
  const hasSender = (senderStaffId ?? senderId) !== undefined;
  return refusal !== undefined || (hasSender && conversationId !== undefined) ? message.output : undefined;
}
