import { createHttp, createRedactor, isChannelError, type ChannelContext, type HealthReport, type HttpReply, type SendReceipt } from "@revka/core";
import type { MochatSettings } from "./config.ts";
import { pollError, pollTransportError, pollUnreadableError, sendCodeError, sendStatusError, sendUnreadableError, type HttpAnswer } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import { postPatiently } from "./post-patiently.ts";
import { parseRetryAfter } from "./retry-after.ts";
import { decodePage, decodeSent, isSuccess, type MochatPage, type MochatText } from "./wire.ts";

/** What goes with a send. */
export interface SendTextOptions {
  /** Goes out as the header `Idempotency-Key`. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** The three calls of a Mochat bridge. */
export interface MochatApi {
  /**
   * The messages after `sinceId`; without it, what the bridge thinks fit.
   *
   * @throws AuthError when the token is refused; PlatformError when `api_url` leads nowhere; any other ChannelError when
   * it failed for now. The error's message is the line to log.
   */
  receive(sinceId: string | undefined, signal: AbortSignal): Promise<MochatPage>;
  /**
   * Posts one message. What reached nobody is tried again a few times.
   *
   * @throws UnknownOutcomeError when it may have been posted; any other ChannelError when it was not.
   */
  sendText(message: MochatText, options?: SendTextOptions): Promise<SendReceipt>;
  /** Healthy is any 2xx. Takes at most 10 s. */
  checkHealth(signal?: AbortSignal): Promise<HealthReport>;
}

/** The API of one bridge, with the bearer token on every call and in no error. */
export function createMochatApi(settings: MochatSettings, context: ChannelContext): MochatApi {
  const { instance: channel, clock } = context;
  const redactor = createRedactor([settings.apiToken]);
  const http = createHttp(context, {
    baseUrl: settings.apiUrl,
    headers: { authorization: `Bearer ${settings.apiToken}`, accept: "application/json" },
    maxBodyBytes: LIMITS.answerBytes,
    ...(settings.proxyUrl !== undefined && { proxyUrl: settings.proxyUrl }),
  });

  function toAnswer({ status, statusLine, headers }: HttpReply, body: string): HttpAnswer {
    return { channel, status, statusLine, body: redactor.text(body), retryAfterMs: parseRetryAfter(headers.get("retry-after"), clock.now()) };
  }
  function readPage(reply: HttpReply, hasCursor: boolean): MochatPage {
    const body = reply.text();
    if (!isOk(reply)) throw pollError(toAnswer(reply, body), undefined, hasCursor);
    const page = decodePage(body);
    if ("malformed" in page) throw pollUnreadableError(page.malformed, toAnswer(reply, body));
    if (page.code !== undefined && !isSuccess(page.code)) throw pollError(toAnswer(reply, body), page.code, hasCursor);
    return page;
  }
  function readReceipt(reply: HttpReply): SendReceipt {
    const answer = toAnswer(reply, reply.text());
    if (!isOk(reply)) throw sendStatusError(answer);
    const sent = decodeSent(answer.body);
    if ("malformed" in sent) throw sendUnreadableError(sent.malformed, answer);
    if (!isSuccess(sent.code)) throw sendCodeError(sent, answer);
    return { messageIds: sent.messageId === undefined ? [] : [sent.messageId] };
  }

  return {
    async receive(sinceId, signal) {
      const call = { query: { since_id: sinceId }, timeoutMs: settings.receiveTimeoutMs, signal };
      const reply = await http.get("api/message/receive", call).catch((error: unknown) => {
        throw isChannelError(error) ? pollTransportError(error) : error;
      });
      return readPage(reply, sinceId !== undefined);
    },
    async sendText(message, { idempotencyKey, signal } = {}) {
      const call = {
        json: message,
        headers: idempotencyKey === undefined ? {} : { "idempotency-key": toHeader(idempotencyKey) },
        timeoutMs: LIMITS.sendTimeoutMs,
        ...(signal !== undefined && { signal }),
      };
      return readReceipt(await postPatiently(() => http.post("api/message/send", call), context, signal));
    },
    async checkHealth(signal) {
      const startedAt = clock.monotonic();
      const report = (ok: boolean, detail: string): HealthReport => ({ ok, latencyMs: clock.monotonic() - startedAt, detail });
      try {
        const reply = await http.get("api/health", { timeoutMs: LIMITS.healthTimeoutMs, followRedirects: false, ...(signal !== undefined && { signal }) });
        return report(isOk(reply), reply.statusLine);
      } catch (error) {
        if (isChannelError(error)) return report(false, error.message);
        throw error;
      }
    },
  };
}

function isOk({ status }: HttpReply): boolean {
  return status >= 200 && status <= 299;
}

/** A header takes printable ASCII only; the rest is percent-encoded. */
function toHeader(key: string): string {
  return key.toWellFormed().replace(/[^\x21-\x7e]/gu, (char) => encodeURIComponent(char));
}
