/** A "no" in WeCom's terms: HTTP 200 with an errcode that is not 0. */
export interface Refusal {
  readonly errcode: number;
  /** The words in front of the trace. */
  readonly reason: string;
}

/** Reasons in the platform's style; clients must decide by the code, never by these words. */
const REASONS: Readonly<Record<number, string>> = {
  [-1]: "system busy",
  40004: "invalid media type",
  40005: "invalid file type",
  40006: "invalid file size",
  40007: "invalid media_id",
  40008: "invalid message type",
  40009: "invalid image size",
  40058: "invalid Request Parameter",
  40063: "required parameter is empty",
  40123: "invalid image format",
  41006: "media_id missing",
  44001: "empty media data",
  44004: "text content is empty",
  45001: "media size out of limit",
  45007: "voice length out of limit",
  45008: "article number out of limit",
  45009: "api freq out of limit",
  45033: "api concurrent out of limit",
  93000: "invalid webhook url",
  93004: "robot is disabled",
  301016: "voice is not AMR",
  301017: "voice format error",
};

/** A refusal with the usual words for its code, or with others. */
export function refuse(errcode: number, reason: string = REASONS[errcode] ?? "request refused"): Refusal {
  return { errcode, reason };
}

/** A parameter that is wrong: code 40058, naming the parameter and what is the matter with it. */
export function invalidParameter(what: string): Refusal {
  return refuse(40058, `${what}. invalid Request Parameter`);
}

/** A text of more than `limit` bytes or characters, in the words that the service uses. */
export function tooLong(field: string, limit: number): Refusal {
  return invalidParameter(`${field} exceed max length ${limit}`);
}

/**
 * The errmsg of a refusal, with hint, address and link as the service writes them.
 *
 * @param traceId - such as `1790000000_12_abc`.
 */
export function errmsgOf({ errcode, reason }: Refusal, traceId: string): string {
  return `${reason}, hint: [${traceId}], from ip: 127.0.0.1, more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`;
}
