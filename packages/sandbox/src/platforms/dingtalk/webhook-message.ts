import * as v from "valibot";
import { LIMITS } from "./limits.ts";
import { type OldRefusal, refuse } from "./refusal.ts";

/** A message that may be shown. */
export interface ReadMessage {
  /** Its `msgtype` or `msgKey`. */
  readonly kind: string;
  readonly title: string;
  readonly text: string;
  readonly mentioned: readonly string[];
  readonly payload: Readonly<Record<string, unknown>>;
}

const filled = v.pipe(v.string(), v.nonEmpty());
const orientation = v.exactOptional(v.picklist(["0", "1"]));
const at = v.exactOptional(v.object({
  atUserIds: v.exactOptional(v.pipe(v.array(v.string()), v.maxLength(LIMITS.mentionCount))),
  atMobiles: v.exactOptional(v.pipe(v.array(v.string()), v.maxLength(LIMITS.mentionCount))),
  isAtAll: v.exactOptional(v.boolean()),
}));

/** What a session webhook takes ("消息发送与接收类型"); pictures and files are not among it. */
const MESSAGE = v.variant("msgtype", [
  v.looseObject({ msgtype: v.literal("text"), text: v.looseObject({ content: filled }), at }),
  v.looseObject({ msgtype: v.literal("markdown"), markdown: v.looseObject({ title: filled, text: filled }), at }),
  v.looseObject({ msgtype: v.literal("link"), link: v.looseObject({ title: filled, text: filled, messageUrl: filled }) }),
  v.looseObject({
    msgtype: v.literal("actionCard"),
    actionCard: v.union([
      v.looseObject({ title: filled, text: filled, singleTitle: filled, singleURL: filled, btnOrientation: orientation }),
      v.looseObject({ title: filled, text: filled, btns: v.pipe(v.array(v.looseObject({ title: filled, actionURL: filled })), v.minLength(1)), btnOrientation: orientation }),
    ]),
  }),
  v.looseObject({
    msgtype: v.literal("feedCard"),
    feedCard: v.looseObject({ links: v.pipe(v.array(v.looseObject({ title: filled, messageURL: filled, picURL: filled })), v.minLength(1)) }),
  }),
]);

/** Reads the body of a webhook call, or says no with the platform's code. */
export function readWebhookMessage(body: string): ReadMessage | OldRefusal {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), MESSAGE), body);
  if (!result.success) return refuseIssue(result.issues[0]);
  const message = result.output;
  const { title, text } = wordsOf(message);
  const named = message.msgtype === "text" || message.msgtype === "markdown" ? (message.at?.atUserIds ?? []) : [];
  return { kind: message.msgtype, title, text, mentioned: named.filter((id) => text.includes(`@${id}`)), payload: message };
}

function wordsOf(message: v.InferOutput<typeof MESSAGE>): { readonly title: string; readonly text: string } {
  switch (message.msgtype) {
    case "text":
      return { title: "", text: message.text.content };
    case "markdown":
      return message.markdown;
    case "link":
      return message.link;
    case "actionCard":
      return message.actionCard;
    case "feedCard":
      return { title: "", text: "" };
  }
}

function refuseIssue(issue: v.BaseIssue<unknown>): OldRefusal {
  const where = v.getDotPath(issue);
  if (where === "msgtype") return refuse(400105);
  return where === null ? refuse(40035) : refuse(40035, `缺少参数 ${where}`);
}
