import { checkRemoteUrl, createHttp, createRedactor, RemoteUrlRefusal, type ChannelContext, type HttpCall, type HttpReply } from "@revka/core";
import * as v from "valibot";
import { HOSTS, type DingtalkSettings } from "./config.ts";
import { apiError, unreadableError, type HttpAnswer } from "./errors.ts";
import { LIMITS } from "./limits.ts";

/** Who is called. */
export type CallTarget =
  /** The API host. */
  | { readonly api: string }
  /** The host of the old-style calls. */
  | { readonly oapi: string }
  /** A session webhook, already found to be one. */
  | { readonly webhook: URL };

/** What an answer of the new style must look like. */
export interface ResultRules<T> {
  /** For the error, e.g. `"download"`. */
  readonly action: string;
  readonly schema: v.GenericSchema<string, T>;
}

/** How calls are made; errors and answers never hold the app's secret. */
export interface Calls {
  /** Posts, and gives the answer whatever its status. */
  post(target: CallTarget, call: HttpCall): Promise<HttpAnswer>;
  /** Makes a call of the new style and reads its result. */
  postForResult<T>(path: string, call: HttpCall, rules: ResultRules<T>): Promise<T>;
  /** Fetches from a storage host, or the configured one: nothing inside a private network. */
  getFromOutside(url: string, call: HttpCall): Promise<HttpReply>;
}

/** The calls of one app. */
export function createCalls({ clientSecret, baseUrl, proxyUrl }: DingtalkSettings, context: ChannelContext): Calls {
  const { instance: channel } = context;
  const redactor = createRedactor([clientSecret]);
  const options = {
    // Without it some answers come as XML.
    headers: { accept: "application/json" },
    timeoutMs: LIMITS.sendTimeoutMs,
    maxBodyBytes: LIMITS.answerBytes,
    ...(proxyUrl !== undefined && { proxyUrl }),
  };
  const api = createHttp(context, { ...options, baseUrl: baseUrl ?? HOSTS.api });
  const oapi = createHttp(context, { ...options, baseUrl: baseUrl ?? HOSTS.oapi });
  const ownHosts = baseUrl === undefined ? [] : [new URL(baseUrl).hostname];

  function send(target: CallTarget, call: HttpCall): Promise<HttpReply> {
    if ("api" in target) return api.post(target.api, call);
    if ("oapi" in target) return oapi.post(target.oapi, call);
    const { webhook } = target;
    return api.post(checkRemoteUrl(webhook, { allowedHosts: [webhook.hostname] }), call);
  }
  async function post(target: CallTarget, call: HttpCall): Promise<HttpAnswer> {
    const reply = await send(target, call);
    return { channel, status: reply.status, statusLine: reply.statusLine, body: redactor.text(reply.text()) };
  }

  return {
    post,
    async postForResult(path, call, { action, schema }) {
      const answer = await post({ api: path }, call);
      if (answer.status < 200 || answer.status > 299) throw apiError(action, answer);
      const result = v.safeParse(schema, answer.body);
      if (!result.success) throw unreadableError(action, answer);
      return result.output;
    },
    async getFromOutside(url, call) {
      try {
        return await api.get(checkRemoteUrl(url, { allowedHosts: ownHosts }), call);
      } catch (error) {
        if (error instanceof RemoteUrlRefusal) throw unreadableError("download", { channel, body: error.message });
        throw error;
      }
    },
  };
}
