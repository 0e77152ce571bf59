import { randomUUID } from "node:crypto";

/** The calls that can be refused. */
export type QqCall = "token" | "gateway" | "messages" | "files" | "stream" | "recall" | "interactions";

/** A "no" of the platform. */
export interface QqRefusal {
  readonly code: number;
  /** Of the answer; default what fits the code, mostly 400. */
  readonly status?: number;
  readonly message?: string;
  /** Beside the code, such as the `message_audit` of a message that waits for its audit. */
  readonly data?: unknown;
}

/** A "no" that a test asks for. */
export interface QqRefusalRule extends QqRefusal {
  /** The calls that it hits; default those that answer with this code on the platform, mostly `"messages"`. */
  readonly call?: QqCall;
}

/** Words in the platform's style; clients must decide by the code, never by these. */
const MESSAGES: Readonly<Record<number, string>> = {
  10000: "内部错误",
  10004: "机器人不存在",
  11244: "token not exist or expire",
  11245: "Token方式鉴权已废弃，请使用AccessToken",
  11255: "请求参数不合法",
  22006: "消息类型和内容不匹配",
  22009: "msg limit exceed",
  40007: "内容与已展示的不一致",
  50001: "流式消息参数错误",
  50006: "消息内容为空",
  50037: "markdown 只能和 keyboard 组合",
  100001: "too many requests",
  100007: "appid invalid",
  100016: "invalid appid or secret",
  304003: "url not allowed",
  304023: "push message is waiting for audit now",
  304027: "msgid过期",
  304036: "没有markdown模板权限",
  304057: "没有自定义按钮权限",
  304080: "富媒体文件file_info无效",
  850018: "机器人被禁言",
  850019: "文件格式不支持",
  850026: "富媒体文件下载失败",
  850027: "富媒体文件下载超时",
  850031: "文件过大",
  40034024: "msg_id无效",
  40034025: "event_id无效",
  40034100: "主动消息频控",
  40034101: "机器人不在群里",
  40034102: "主动消息没有权限",
  40034105: "用户拒收主动消息",
  40034128: "被动消息超过次数或时限",
  40054004: "不是好友",
  40054005: "消息被去重，请检查请求msgseq",
  40054007: "消息过长",
  40054010: "消息中包含不允许的url",
  40061001: "超过撤回时限",
  40061002: "消息不存在",
  40093001: "分片未就绪，请重试",
  40093002: "今日上传额度已用完",
};

const STATUSES: Readonly<Record<number, number>> = {
  10000: 500, 11241: 401, 11242: 401, 11243: 401, 11244: 401, 11245: 401, 11252: 401, 11253: 403, 11254: 403, 11263: 401, 11265: 403, 11281: 401,
  20028: 429, 22009: 429, 50002: 429, 304023: 202, 304024: 202, 1100100: 429, 1100308: 429, 40034100: 429, 50055001: 500, 50055002: 500, 50055006: 500,
};

/** The answer that a refusal gives; those of the token call come with status 200. */
export function refusalResponse({ code, status = STATUSES[code] ?? 400, message = MESSAGES[code] ?? "请求失败", data }: QqRefusal): Response {
  const trace = randomUUID().replaceAll("-", "");
  return Response.json({ message, code, err_code: code, trace_id: trace, ...(data === undefined ? {} : { data }) }, { status, headers: { "x-tps-trace-id": trace } });
}

/** Refuses with a code of the platform. */
export function refuse(code: number): Response {
  return refusalResponse({ code });
}

/** Refuses to give a token. */
export function refuseToken({ code, message = MESSAGES[code] ?? "failed", status = 200 }: QqRefusal): Response {
  return Response.json({ code, message }, { status });
}

/** The calls that answer with a code. */
export function callOf(code: number): QqCall {
  if ([100001, 100007, 100016, 10004].includes(code)) return "token";
  return (code >= 850019 && code <= 850031) || code === 40093001 || code === 40093002 ? "files" : "messages";
}
