import { randomUUID } from "node:crypto";

/** Words in the platform's style; clients must decide by the code, never by these. */
const WORDS: Readonly<Record<number, string>> = {
  2200: "internal error",
  10002: "invalid parameter",
  99991400: "request trigger frequency limit",
  99991661: "Missing access token for authorization",
  99991663: "Invalid access token for authorization",
  99991672: "Access denied. One of the following scopes is required",
  99992402: "field validation failed",
  200220: "failed to generate card content",
  200740: "card entity does not exist",
  200750: "card entity has expired",
  200770: "uuid has been used",
  200810: "a user is interacting with the card",
  200850: "streaming mode was closed by timeout",
  200860: "card content exceeds the size limit",
  230001: "invalid request parameter",
  230002: "Bot/User can NOT be out of the chat.",
  230006: "Bot ability is not activated.",
  230011: "The message was withdrawn.",
  230013: "Bot has NO availability to this user.",
  230017: "Bot is NOT the owner of the resource.",
  230020: "This operation triggers the frequency limit.",
  230025: "The length of the message content reaches its limit.",
  230027: "Lack of necessary permissions.",
  230031: "The card message exceeds its validity period.",
  230034: "The receive_id is invalid.",
  230054: "This operation is not supported for this message type.",
  230055: "The type of file upload does not match the type of message being sent.",
  230071: "The operator is not the sender of the message.",
  230072: "The message has reached the number of times it can be edited.",
  230075: "The message has exceeded the time in which it can be edited.",
  230099: "Failed to create card content",
  230110: "Action unavailable as the message has been deleted.",
  231001: "reaction type is invalid.",
  231002: "The operator has no permission to react on the specific message.",
  231003: "The message is not found.",
  231007: "The operator is not the owner of the reaction.",
  231011: "The reaction is not found.",
  232009: "Your request specifies a chat which has already been dissolved.",
  234001: "Invalid request param.",
  234002: "Unauthorized.",
  234003: "File not in msg.",
  234004: "App not in chat.",
  234006: "The file size exceed the max value.",
  234008: "App is not the resource sender.",
  234010: "File's size can't be 0.",
  234011: "Can't recognize the image format.",
  234039: "Image resolution exceeds limit.",
  234043: "Unsupported message type.",
  300122: "failed to update the card's config",
  300301: "duplicate element_id",
  300302: "update_multi must be true",
  300303: "only card schema 2.0 is supported",
  300305: "the number of elements exceeds the limit",
  300307: "card JSON is empty",
  300309: "streaming mode is closed",
  300310: "only plain_text and markdown elements support streaming",
  300311: "the card entity belongs to another app",
  300313: "failed to update the element",
  300317: "sequence compare failed",
};

/** Codes that do not come with HTTP 400. */
const STATUSES: Readonly<Record<number, number>> = { 99991400: 429, 234002: 401 };

/** Headers that a code comes with. */
const HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  99991400: { "x-ogw-ratelimit-limit": "50", "x-ogw-ratelimit-reset": "1" },
};

/** What a refusal may differ in from the usual one of its code. */
export interface RefusalDetails {
  readonly msg?: string;
  readonly httpStatus?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** More of the body's `error`, beside its `log_id`. */
  readonly error?: Readonly<Record<string, unknown>>;
}

/** A "no" of the open API: a code that is not 0, on an HTTP status. Whoever throws it in a route has answered with it. */
export class LarkRefusal extends Error {
  override readonly name = "LarkRefusal";
  readonly code: number;
  readonly httpStatus: number;
  readonly #details: RefusalDetails;

  constructor(code: number, details: RefusalDetails = {}) {
    super(details.msg ?? WORDS[code] ?? "request refused");
    this.code = code;
    this.httpStatus = details.httpStatus ?? STATUSES[code] ?? 400;
    this.#details = details;
  }

  /** The answer; Hono asks for it by this name. */
  getResponse(): Response {
    const { headers = HEADERS[this.code] ?? {}, error } = this.#details;
    const logId = newLogId();
    const body = { code: this.code, msg: this.message, error: { log_id: logId, ...error } };
    return Response.json(body, { status: this.httpStatus, headers: { [LOG_ID_HEADER]: logId, ...headers } });
  }
}

/** A refusal with the usual words and status of its code, or with others. */
export function refuse(code: number, details?: RefusalDetails): LarkRefusal {
  return new LarkRefusal(code, details);
}

/** The header that identifies a call; a refusal's body has the same id as `error.log_id`. */
export const LOG_ID_HEADER = "X-Tt-Logid";

/** A new id of a call. */
export function newLogId(): string {
  return randomUUID().replaceAll("-", "").toUpperCase();
}
