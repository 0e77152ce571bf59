import { isChannelError, TransientError, type ChannelContext, type HttpCall, type MediaBytes, type Token } from "@revka/core";
import * as v from "valibot";
import manifest from "../package.json" with { type: "json" };
import { createCalls } from "./calls.ts";
import type { DingtalkSettings } from "./config.ts";
import { apiError, readOldAnswer, registrationError, undeliveredError, unreadableError } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import type { RobotPayload, Upload, WebhookPayload } from "./outbound.ts";
import { decodeEndpoint, encodeRegistration, type Endpoint } from "./wire.ts";

/** One function per HTTP call. Each throws a ChannelError where the platform does not say success. */
export interface DingtalkApi {
  /** Asks for a ticket to the stream. */
  register(signal: AbortSignal): Promise<Endpoint>;
  /** Posts one message to a session webhook. */
  postToWebhook(url: URL, payload: WebhookPayload, signal?: AbortSignal): Promise<void>;
  getAccessToken(signal?: AbortSignal): Promise<Token>;
  /** Sends one message to a person by staff id; gives the platform's key of it. */
  sendToPerson(userId: string, payload: RobotPayload, options: TokenCall): Promise<string>;
  /** Sends one message to a group by conversation id. */
  sendToGroup(conversationId: string, payload: RobotPayload, options: TokenCall): Promise<string>;
  /** Gives the `media_id`, which works only inside DingTalk. */
  upload(file: Upload, options: TokenCall): Promise<string>;
  /** Where the file of a message can be fetched, for a while and without a token. */
  getDownloadUrl(file: { readonly downloadCode: string; readonly robotCode: string }, options: TokenCall): Promise<string>;
  /** Fetches from there. */
  fetchFile(url: string, options: { readonly maxBytes: number; readonly signal?: AbortSignal }): Promise<MediaBytes>;
}

/** A call in the name of the app. */
export interface TokenCall {
  readonly token: string;
  readonly signal?: AbortSignal;
}

const USER_AGENT = `revka-channels-node/${manifest.version}`;
const TOKEN = {
  action: "access token",
  schema: v.pipe(v.string(), v.parseJson(), v.object({ accessToken: v.string(), expireIn: v.number() })),
} as const;
const SENT = {
  action: "robot message",
  schema: v.pipe(
    v.string(),
    v.parseJson(),
    v.object({
      processQueryKey: v.fallback(v.string(), ""),
      invalidStaffIdList: v.fallback(v.array(v.string()), []),
      flowControlledStaffIdList: v.fallback(v.array(v.string()), []),
    }),
  ),
} as const;
const DOWNLOAD = {
  action: "download",
  schema: v.pipe(v.string(), v.parseJson(), v.object({ downloadUrl: v.string() })),
} as const;

/** The API of one app. */
export function createDingtalkApi(settings: DingtalkSettings, context: ChannelContext): DingtalkApi {
  const { instance: channel, clock } = context;
  const { clientId, clientSecret, robotCode } = settings;
  const calls = createCalls(settings, context);

  async function sendRobot(path: string, json: unknown, options: TokenCall): Promise<string> {
    const { processQueryKey, invalidStaffIdList, flowControlledStaffIdList } = await calls.postForResult(path, { ...asApp(options), json }, SENT);
    // Success of the call alone: these people did not get it.
    if (invalidStaffIdList.length > 0) throw undeliveredError("staffId.notExisted", channel);
    if (flowControlledStaffIdList.length > 0) throw undeliveredError("send.too.fast", channel);
    return processQueryKey;
  }

  return {
    async register(signal) {
      const json = encodeRegistration({ clientId, clientSecret, userAgent: USER_AGENT });
      const answer = await calls.post({ api: "v1.0/gateway/connections/open" }, { json, signal, timeoutMs: LIMITS.registerTimeoutMs });
      const endpoint = answer.status === 200 ? decodeEndpoint(answer.body) : undefined;
      if (endpoint === undefined) throw registrationError(answer);
      return endpoint;
    },
    async postToWebhook(webhook, payload, signal) {
      readOldAnswer("webhook reply", await calls.post({ webhook }, { json: payload, ...withSignal(signal) }));
    },
    async getAccessToken(signal) {
      const askedAt = clock.now();
      const json = { appKey: clientId, appSecret: clientSecret };
      const { accessToken, expireIn } = await calls.postForResult("v1.0/oauth2/accessToken", { json, ...withSignal(signal) }, TOKEN);
      return { value: accessToken, expiresAt: askedAt + expireIn * 1000 };
    },
    sendToPerson: (userId, payload, options) => sendRobot("v1.0/robot/oToMessages/batchSend", { robotCode, userIds: [userId], ...payload }, options),
    sendToGroup: (openConversationId, payload, options) => sendRobot("v1.0/robot/groupMessages/send", { robotCode, openConversationId, ...payload }, options),
    async upload({ type, bytes, name, mediaType }, { token, signal }) {
      const body = new FormData();
      body.append("media", new Blob([bytes], mediaType === undefined ? {} : { type: mediaType }), name);
      const request = { query: { access_token: token, type }, body, timeoutMs: LIMITS.mediaTimeoutMs, ...withSignal(signal) };
      const answer = await calls.post({ oapi: "media/upload" }, request).catch(rethrowUpload);
      const { mediaId } = readOldAnswer("upload", answer);
      if (mediaId === undefined) throw unreadableError("upload", answer);
      return mediaId;
    },
    async getDownloadUrl(json, options) {
      const { downloadUrl } = await calls.postForResult("v1.0/robot/messageFiles/download", { ...asApp(options), json }, DOWNLOAD);
      return downloadUrl;
    },
    async fetchFile(url, { maxBytes, signal }) {
      const { status, statusLine, headers, bytes } = await calls.getFromOutside(url, { maxBodyBytes: maxBytes, timeoutMs: LIMITS.mediaTimeoutMs, ...withSignal(signal) });
      if (status !== 200) throw apiError("download", { channel, status, statusLine, body: "" });
      const mediaType = headers.get("content-type");
      return { bytes, ...(mediaType !== null && { mediaType }) };
    },
  };
}

function asApp({ token, signal }: TokenCall): HttpCall {
  return { headers: { "x-acs-dingtalk-access-token": token }, ...withSignal(signal) };
}

function withSignal(signal: AbortSignal | undefined): Pick<HttpCall, "signal"> {
  return signal === undefined ? {} : { signal };
}

/** An upload whose outcome is unknown has certainly shown nothing to anybody: it may be repeated. */
function rethrowUpload(error: unknown): never {
  if (isChannelError(error) && error.code === "unknown-outcome") {
    throw new TransientError(error.message, { cause: error, ...(error.channel !== undefined && { channel: error.channel }) });
  }
  throw error;
}
