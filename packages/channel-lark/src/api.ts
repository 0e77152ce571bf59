import {
  createHttp, createRedactor, dropAbsent, PayloadTooLargeError, withToken,
  type ChannelContext, type DownloadOptions, type HttpCall, type HttpReply, type MediaBytes, type TokenSource,
} from "@revka/core";
import * as v from "valibot";
import { createLarkTokens, parseToken } from "./auth.ts";
import type { LarkSettings } from "./config.ts";
import { apiError, isStaleToken, unreadableError, type HttpAnswer } from "./errors.ts";
import { LIMITS } from "./limits.ts";

/** One way to the API for every call: in the app's name, with a token that is renewed once where the platform refuses it. */
export interface LarkApi {
  /**
   * Makes a call and gives the `data` of its answer, or the whole answer where it has none.
   *
   * @param path - below `/open-apis`, ids in it percent-encoded.
   * @throws ChannelError where the platform does not say success; errors name its log id.
   */
  call(method: string, path: string, call?: LarkCall): Promise<unknown>;
  /**
   * Fetches a file.
   * @throws PayloadTooLargeError above `maxBytes`; else as `call`.
   */
  fetchMedia(path: string, query: Query, options: DownloadOptions): Promise<MediaBytes>;
  /** Resolves when the platform takes the app's credentials. @throws AuthError when it does not. */
  checkCredentials(signal?: AbortSignal): Promise<void>;
}

/** Parameters of a URL; undefined ones are left out. */
export type Query = Readonly<Record<string, string | undefined>>;

/** What a call sends along: at most one of `json` and `form`. */
export interface LarkCall {
  readonly query?: Query;
  readonly json?: unknown;
  readonly form?: FormData;
  /** For the whole call. @default 15_000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

const TOKEN_PATH = "auth/v3/tenant_access_token/internal";
const answerSchema = v.pipe(v.string(), v.parseJson(), v.looseObject({ code: v.number() }));
const refusalSchema = v.pipe(v.string(), v.parseJson(), v.object({ code: v.pipe(v.number(), v.notValue(0)), msg: v.string() }));

/** The API of one app. */
export function createLarkApi({ appId, appSecret, baseUrl, proxyUrl }: LarkSettings, context: ChannelContext): LarkApi {
  const { instance: channel, clock } = context;
  const redactor = createRedactor([appSecret]);
  const http = createHttp(context, {
    baseUrl: `${baseUrl}/open-apis`,
    timeoutMs: LIMITS.callTimeoutMs,
    maxBodyBytes: LIMITS.answerBytes,
    ...(proxyUrl !== undefined && { proxyUrl }),
  });
  const answerOf = (action: string, reply: HttpReply): HttpAnswer => ({ channel, action, status: reply.status, headers: reply.headers, body: redactor.text(reply.text()) });

  async function perform(method: string, path: string, call: HttpCall): Promise<Readonly<Record<string, unknown>>> {
    const reply = await http.request(method, path, call);
    // As it came: the platform may well give the token again that it gave before, which is a secret by now.
    const parsed = v.safeParse(answerSchema, reply.text());
    const isSuccess = reply.status >= 200 && reply.status <= 299;
    if (isSuccess && parsed.success && parsed.output.code === 0) return parsed.output;
    const answer = answerOf(`${method} ${path}`, reply);
    throw isSuccess && !parsed.success ? unreadableError(answer, method === "GET") : apiError(answer);
  }

  const tokens = createLarkTokens(async (signal) => {
    const askedAt = clock.now();
    const answer = await perform("POST", TOKEN_PATH, { json: { app_id: appId, app_secret: appSecret }, signal });
    const token = parseToken(answer, askedAt);
    if (token === undefined) throw unreadableError({ channel, action: `POST ${TOKEN_PATH}`, status: 200, headers: new Headers(), body: "no token" }, true);
    redactor.add(token.value);
    return token;
  }, context);

  /** One retry with a fresh token, as the specification says. */
  function inOurName<T>(signal: AbortSignal | undefined, call: (headers: Record<string, string>) => Promise<T>): Promise<T> {
    const source: TokenSource = { get: () => tokens.get(signal), invalidate: (token) => tokens.invalidate(token) };
    return withToken(source, (token) => call({ authorization: `Bearer ${token}` }), isStaleToken);
  }

  return {
    async call(method, path, { query, json, form, timeoutMs, signal } = {}) {
      const call = dropAbsent({ query, json, body: form, timeoutMs, signal });
      const answer = await inOurName(signal, (headers) => perform(method, path, { ...call, headers }));
      return answer["data"] ?? answer;
    },
    async fetchMedia(path, query, { maxBytes, signal }) {
      const maxBodyBytes = Math.max(maxBytes, LIMITS.errorBytes);
      const call = dropAbsent({ query, maxBodyBytes, timeoutMs: LIMITS.mediaTimeoutMs, signal });
      const reply = await inOurName(signal, async (headers) => {
        const answered = await http.get(path, { ...call, headers });
        if (isRefusal(answered)) throw apiError(answerOf(`GET ${path}`, answered));
        return answered;
      });
      return takeMedia(reply, maxBytes, channel);
    },
    async checkCredentials(signal) {
      await tokens.get(signal);
    },
  };
}

/** A file may be JSON too, but only an error comes without a name for it. */
function isRefusal(reply: HttpReply): boolean {
  const { status, headers } = reply;
  if (status < 200 || status > 299) return true;
  const isJson = headers.get("content-type")?.startsWith("application/json") === true && !headers.has("content-disposition");
  return isJson && v.is(refusalSchema, reply.text());
}

function takeMedia({ bytes, headers }: HttpReply, maxBytes: number, channel: string): MediaBytes {
  if (bytes.length > maxBytes) {
    throw new PayloadTooLargeError(`Lark: the file is larger than ${maxBytes} bytes`, { channel, limit: maxBytes, actual: bytes.length, unit: "bytes" });
  }
  const mediaType = headers.get("content-type");
  return { bytes, ...(mediaType !== null && { mediaType }) };
}
