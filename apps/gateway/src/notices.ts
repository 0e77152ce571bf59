/** What a user is told when there is no answer, or not the whole of it. */
export type Notice = "timed-out" | "failed" | "interrupted" | "queue-full" | "too-fast" | "cut";

/** The languages of the notices. */
export type NoticeLanguage = "en" | "zh-CN" | "zh-TW" | "ja";

const TEXTS: Readonly<Record<Notice, Readonly<Record<NoticeLanguage, string>>>> = {
  "timed-out": {
    en: "⚠️ Request timed out while waiting for the model. Please try again.",
    "zh-CN": "⚠️ 等待模型响应超时，请重试。",
    "zh-TW": "⚠️ 等待模型回應逾時，請再試一次。",
    ja: "⚠️ モデルの応答待ちがタイムアウトしました。もう一度お試しください。",
  },
  failed: {
    en: "⚠️ Something went wrong. Please try again.",
    "zh-CN": "⚠️ 出了点问题，请重试。",
    "zh-TW": "⚠️ 發生了一點問題，請再試一次。",
    ja: "⚠️ 問題が発生しました。もう一度お試しください。",
  },
  interrupted: {
    en: "⚠️ I was interrupted before I could answer. Please send your last message again.",
    "zh-CN": "⚠️ 我在回答之前被中断了，请重新发送上一条消息。",
    "zh-TW": "⚠️ 我在回答之前被中斷了，請重新傳送上一則訊息。",
    ja: "⚠️ 回答する前に中断されました。直前のメッセージをもう一度送信してください。",
  },
  "queue-full": {
    en: "⚠️ Too many messages are waiting, so your last one was not taken. Please send it again later.",
    "zh-CN": "⚠️ 等待处理的消息过多，您的上一条消息未被接收，请稍后重新发送。",
    "zh-TW": "⚠️ 等待處理的訊息過多，您的上一則訊息未被接收，請稍後重新傳送。",
    ja: "⚠️ 処理待ちのメッセージが多いため、直前のメッセージを受け付けられませんでした。しばらくしてからもう一度送信してください。",
  },
  "too-fast": {
    en: "⚠️ That was too many messages in one minute, so your last one was not taken. Please wait a little and send it again.",
    "zh-CN": "⚠️ 您在一分钟内发送的消息过多，上一条消息未被接收，请稍等片刻后重新发送。",
    "zh-TW": "⚠️ 您在一分鐘內傳送的訊息過多，上一則訊息未被接收，請稍候片刻後重新傳送。",
    ja: "⚠️ 1分間のメッセージが多すぎるため、直前のメッセージを受け付けられませんでした。少し待ってからもう一度送信してください。",
  },
  cut: {
    en: "… (the answer was too long; the rest was cut)",
    "zh-CN": "……（回答过长，其余部分已省略）",
    "zh-TW": "……（回答過長，其餘部分已省略）",
    ja: "……（回答が長すぎるため、残りは省略されました）",
  },
};

/** The text of a notice in the user's language; with `ref`, what to quote to the operator. */
export function noticeText(notice: Notice, locale: string | undefined, ref?: string): string {
  const text = TEXTS[notice][languageOf(locale)];
  return ref === undefined ? text : `${text} (ref ${ref})`;
}

/** The language that fits a BCP 47 tag best; English where none does. */
export function languageOf(locale: string | undefined): NoticeLanguage {
  const subtags = (locale ?? "").toLowerCase().split(/[-_]/u);
  if (subtags[0] === "ja") return "ja";
  if (subtags[0] !== "zh") return "en";
  if (subtags.includes("hans")) return "zh-CN";
  return subtags.some((subtag) => ["hant", "tw", "hk", "mo"].includes(subtag)) ? "zh-TW" : "zh-CN";
}
