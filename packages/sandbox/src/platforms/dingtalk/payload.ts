import { createHash } from "node:crypto";
import type { DingtalkBehaviour } from "./behaviour.ts";
import type { ContentFields } from "./content.ts";
import type { DingtalkPlace, Session } from "./sessions.ts";

/** What is known of a message to the robot besides its content. */
export interface Envelope {
  readonly msgId: string;
  /** Staff id of its sender. */
  readonly sender: string;
  readonly place: DingtalkPlace;
  readonly session: Session;
  readonly webhookUrl: string;
  readonly robotCode: string;
  /** Epoch ms. */
  readonly at: number;
}

const CORP_ID = "dingsandboxcorp";
const ROBOT_ID = "$:LWCP_v1:$sandboxbot";
const QUOTA_NOTICE = "当前组织的调用量已用完，当前我的消息服务已经暂停，请联系管理员";

/** The opaque id of a user, which is no staff id. */
export function openIdOf(user: string): string {
  return `$:LWCP_v1:$${digest(user, 24)}`;
}

/** The conversation id of a place; a group's is its own. */
export function conversationIdOf(place: DingtalkPlace): string {
  return place.group ?? `cid${digest(`private ${place.user}`, 22)}==`;
}

/** The object inside `data` of a message to the robot. */
export function renderPayload(envelope: Envelope, fields: ContentFields, { numbersAs, contentAs }: DingtalkBehaviour): Record<string, unknown> {
  const { msgId, sender, place, session, webhookUrl, robotCode, at } = envelope;
  const isGroup = place.group !== undefined;
  const time = (ms: number): number | string => (numbersAs === "string" ? String(ms) : ms);
  const kind = isGroup ? 2 : 1;
  const { content, ...rest } = fields;
  return {
    conversationId: conversationIdOf(place),
    conversationType: numbersAs === "number" ? kind : String(kind),
    ...(isGroup ? { conversationTitle: place.group, isInAtList: true, atUsers: [{ dingtalkId: ROBOT_ID }] } : {}),
    msgId,
    createAt: time(at),
    senderId: openIdOf(sender),
    senderStaffId: sender,
    senderNick: sender,
    senderCorpId: CORP_ID,
    senderPlatform: "Mac",
    chatbotCorpId: CORP_ID,
    chatbotUserId: ROBOT_ID,
    robotCode,
    isAdmin: false,
    sessionWebhook: webhookUrl,
    sessionWebhookExpiredTime: time(session.expiresAt),
    ...rest,
    ...(content === undefined ? {} : { content: contentAs === "json" ? JSON.stringify(content) : content }),
  };
}

/** What is left of a payload when the month's quota is spent. */
export function overQuota({ text: _text, content: _content, ...payload }: Record<string, unknown>, keys: DingtalkBehaviour["quotaKeys"]): Record<string, unknown> {
  return { ...payload, [keys]: 20001, [keys === "errorCode" ? "errorMessage" : "errMsg"]: QUOTA_NOTICE };
}

function digest(value: string, chars: number): string {
  return createHash("sha256").update(value).digest("base64").slice(0, chars);
}
