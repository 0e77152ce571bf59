import { randomUUID } from "node:crypto";

/** A "no" of the older API: HTTP 200 with an errcode that is not 0. */
export interface OldRefusal {
  readonly errcode: number;
  readonly errmsg: string;
}

/** A "no" of the newer API: an HTTP status and a code of words. */
export interface NewRefusal {
  readonly status: number;
  readonly code: string;
  readonly message?: string;
  /** Names the permissions that are missing. */
  readonly accessdenieddetail?: { readonly requiredScopes: readonly string[] };
}

/** Words in the platform's style; clients must decide by the code, never by these. */
const ERRMSGS: Readonly<Record<number, string>> = {
  [-1]: "系统繁忙",
  40004: "不合法的媒体文件类型",
  40006: "不合法的文件大小",
  40014: "不合法的access_token",
  40035: "缺少参数 json",
  43004: "需要设置正确的ContentType",
  90018: "您的服务器调用钉钉开放平台当前接口的所有请求都被暂时禁用了",
  101002: "message is too long",
  130101: "send too fast, exceed 20 times per minute",
  300001: "session 不存在",
  310000: "keywords not in content",
  400013: "群已被解散",
  400101: "access_token不存在",
  400102: "机器人已停用",
  400105: "不支持的消息类型",
  400106: "机器人不存在",
  410100: "发送速度太快而限流",
  430101: "含有不安全的外链",
  430102: "含有不合适的文本",
  430103: "含有不合适的图片",
  430104: "含有不合适的内容",
  460101: "message too long, exceed 20000 bytes",
};

/** A refusal of the older API with the usual words for its code, or with others. */
export function refuse(errcode: number, errmsg: string = ERRMSGS[errcode] ?? "请求被拒绝"): OldRefusal {
  return { errcode, errmsg };
}

/** A refusal of the newer API. */
export function refuseCall(status: number, code: string, message?: string): NewRefusal {
  return { status, code, ...(message === undefined ? {} : { message }) };
}

/** The answer that the newer API refuses with. */
export function refusalResponse({ status, code, message = code, accessdenieddetail }: NewRefusal): Response {
  const requestid = randomUUID().toUpperCase();
  const body = { requestid, code, message, ...(accessdenieddetail === undefined ? {} : { accessdenieddetail }) };
  return Response.json(body, { status, headers: { "x-acs-dingtalk-request-id": requestid } });
}
