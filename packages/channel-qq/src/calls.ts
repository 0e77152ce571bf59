import {
  checkRemoteUrl, createHttp, createRedactor, isLoopback, PlatformError, RemoteUrlRefusal,
  type ChannelContext, type HttpCall, type HttpReply,
} from "@revka/core";
import type { QqSettings } from "./config.ts";
import { ACTIONS, failureOf, type QqAnswer } from "./errors.ts";
import { LIMITS } from "./limits.ts";

/** How a file from outside is fetched. */
export interface FetchOptions {
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** How calls are made; what they give, and their errors, never hold a secret. */
export interface Calls {
  /** A call to the API; gives its answer whatever the status. */
  request(method: "GET" | "POST", path: string, call: HttpCall): Promise<QqAnswer>;
  /** The one call that takes the App Secret; only its `rawBody` holds the token. */
  requestToken(signal: AbortSignal): Promise<QqAnswer & { readonly rawBody: string }>;
  /**
   * Fetches a file from an address that came from a chat or an agent: over https, and nothing inside a private network.
   * @throws PlatformError for an address that may not be fetched, PayloadTooLargeError for more than `maxBytes`.
   */
  fetchFile(url: string, options: FetchOptions): Promise<HttpReply>;
  /** Tells a token that no answer or error may hold. */
  hide(secret: string): void;
}

/** The calls of one bot. */
export function createCalls({ appId, appSecret, baseUrl, tokenUrl, proxyUrl }: QqSettings, context: ChannelContext): Calls {
  const { instance: channel, addSecret } = context;
  const redactor = createRedactor([appSecret]);
  const options = { timeoutMs: LIMITS.callTimeoutMs, maxBodyBytes: LIMITS.answerBytes, ...(proxyUrl !== undefined && { proxyUrl }) };
  const api = createHttp(context, { ...options, baseUrl });
  const token = createHttp(context, { ...options, baseUrl: tokenUrl });
  // A sandbox on this machine serves files as well.
  const base = new URL(baseUrl);
  const ownHosts = isLoopback(base) ? [base.hostname] : [];

  function toAnswer(reply: HttpReply): QqAnswer {
    const { status, statusLine, headers } = reply;
    const traceId = headers.get("x-tps-trace-id");
    return { channel, status, statusLine, body: redactor.text(reply.text()), ...(traceId !== null && { traceId }) };
  }
  async function fetchOnce(url: URL, { maxBytes, signal }: FetchOptions): Promise<HttpReply> {
    try {
      if (url.protocol !== "https:" && !ownHosts.includes(url.hostname)) throw new RemoteUrlRefusal("only https is fetched");
      const target = checkRemoteUrl(url, { allowedHosts: ownHosts });
      return await api.get(target, { maxBodyBytes: maxBytes, timeoutMs: LIMITS.downloadTimeoutMs, followRedirects: false, ...(signal && { signal }) });
    } catch (error) {
      if (!(error instanceof RemoteUrlRefusal)) throw error;
      throw new PlatformError(`${ACTIONS.download.failure}: ${error.message}`, { channel, platformCode: "address", platformMessage: error.message, cause: error });
    }
  }

  return {
    request: async (method, path, call) => toAnswer(await api.request(method, path, call)),
    async requestToken(signal) {
      const reply = await token.post("app/getAppAccessToken", { json: { appId, clientSecret: appSecret }, signal });
      return { ...toAnswer(reply), rawBody: reply.text() };
    },
    async fetchFile(address, fetching) {
      let url = URL.parse(address);
      for (let hops = 0; url !== null && hops <= LIMITS.downloadRedirects; hops += 1) {
        const reply = await fetchOnce(url, fetching);
        if (reply.status < 300 || reply.status > 399) {
          if (reply.status === 200) return reply;
          throw failureOf(ACTIONS.download, { ...toAnswer(reply), body: "" });
        }
        url = URL.parse(reply.headers.get("location") ?? "", url.href);
      }
      const platformMessage = url === null ? "not a URL" : "it leads from one address to the next";
      throw new PlatformError(`${ACTIONS.download.failure}: ${platformMessage}`, { channel, platformCode: "address", platformMessage });
    },
    hide(secret) {
      redactor.add(secret);
      addSecret(secret);
    },
  };
}
