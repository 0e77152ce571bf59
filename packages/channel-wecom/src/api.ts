import {
  createContext, createHttp, createPace, createRedactor, createStatusRecorder, excerpt, isChannelError, ProtocolError, TransientError,
  type ChannelContext, type HttpCall, type HttpReply, type StatusRecorder,
} from "@revka/core";
import { createAttempts, type CallOptions } from "./attempts.ts";
import { DEFAULTS, type WecomConfig } from "./config.ts";
import { codeError, httpError, unreadableError } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import type { WecomUpload } from "./outbound.ts";
import { parseWebhookKey } from "./webhook-key.ts";
import { decodeAnswer, type WecomAnswer, type WecomPayload } from "./wire.ts";

/**
 * The two calls of a group bot's webhook.
 *
 * Both wait for their turn in one pace of 20 calls a minute, wait out the platform's own rate limit, and are tried up to
 * three times while nothing is delivered.
 */
export interface WecomApi {
  /**
   * Posts one message into the bot's chat. The platform tells no id of it.
   *
   * @throws AuthError when the key is invalid or the bot disabled or removed; UnknownOutcomeError when the answer is lost,
   * so that it may have arrived: it is not repeated; any other ChannelError when it was not delivered.
   */
  post(payload: WecomPayload, options?: CallOptions): Promise<void>;
  /**
   * Uploads a file and gives its `media_id`, for a `file` or `voice` message of the same bot within 3 days.
   *
   * @throws ChannelError as `post`, but never UnknownOutcomeError: an upload shows nothing to anybody.
   */
  upload(upload: WecomUpload, options?: CallOptions): Promise<string>;
}

/**
 * The API of one webhook key. Make one per key, for the pace is its own; a channel has one as `channel.api`.
 *
 * @param status - is told what the calls find out.
 * @throws TypeError when `config.webhookKey` holds no key.
 */
export function createWecomApi(
  config: WecomConfig,
  context: ChannelContext = createContext("wecom"),
  status: StatusRecorder = createStatusRecorder(context.clock),
): WecomApi {
  const { instance: channel, clock, logger } = context;
  const key = takeKey(config, context);
  const redactor = createRedactor([key]);
  const http = createHttp(context, {
    baseUrl: config.baseUrl ?? DEFAULTS.baseUrl,
    timeoutMs: LIMITS.sendTimeoutMs,
    maxBodyBytes: LIMITS.answerBytes,
    ...(config.proxyUrl !== undefined && { proxyUrl: config.proxyUrl }),
  });
  const pace = createPace({ count: LIMITS.paceCount, windowMs: LIMITS.paceWindowMs, maxWaiting: LIMITS.paceMaxWaiting, clock });
  const attempts = createAttempts({ context, pace, status });

  async function call(path: string, request: HttpCall, { signal }: CallOptions): Promise<WecomAnswer> {
    const query = { key, ...request.query };
    const reply = await http.post(`cgi-bin/webhook/${path}`, { ...request, query, ...(signal !== undefined && { signal }) });
    status.frame();
    return readAnswer(reply, redactor.text(reply.text()), channel);
  }

  return {
    async post(payload, options = {}) {
      await attempts(() => call("send", { json: payload }, options), options);
      logger.debug({ channel, msgtype: payload.msgtype }, "WeCom: message delivered");
    },
    upload: (upload, options = {}) =>
      attempts(async () => {
        const request = { query: { type: upload.type }, body: formOf(upload), timeoutMs: LIMITS.uploadTimeoutMs };
        const answer = await call("upload_media", request, options).catch(rethrowUpload);
        if (answer.media_id !== undefined) return answer.media_id;
        throw new ProtocolError("WeCom answered an upload without a media_id", { channel, excerpt: excerpt(JSON.stringify(answer)) });
      }, options),
  };
}

function takeKey({ webhookKey }: WecomConfig, { instance: channel, addSecret, logger }: ChannelContext): string {
  const found = parseWebhookKey(webhookKey);
  if (found === undefined) throw new TypeError("webhookKey must be the key of a group bot's webhook URL, or that whole URL");
  addSecret(found.key);
  if (found.isFromUrl) logger.info({ channel }, "WeCom: took the key out of the URL in webhook_key");
  return found.key;
}

function readAnswer({ status, statusLine }: HttpReply, body: string, channel: string): WecomAnswer {
  if (status < 200 || status > 299) throw httpError({ status, statusLine, body }, channel);
  const answer = decodeAnswer(body);
  if (answer === undefined) throw unreadableError(body, channel);
  if (answer.errcode !== 0) throw codeError(answer, channel);
  return answer;
}

/** An upload whose outcome is unknown has certainly posted nothing: it may be repeated. */
function rethrowUpload(error: unknown): never {
  if (isChannelError(error) && error.code === "unknown-outcome") {
    throw new TransientError(error.message, { cause: error, ...(error.channel !== undefined && { channel: error.channel }) });
  }
  throw error;
}

function formOf({ bytes, name, mediaType }: WecomUpload): FormData {
  const form = new FormData();
  form.append("media", new Blob([bytes], mediaType === undefined ? {} : { type: mediaType }), name);
  return form;
}
