import { excerpt, ProtocolError, UnknownOutcomeError, withToken, type HttpCall, type TokenSource } from "@revka/core";
import * as v from "valibot";
import type { Calls } from "./calls.ts";
import { ACTIONS, failureOf, isStaleToken, outcomeOf, requireSuccess, rethrowHarmless, type Action, type QqAnswer } from "./errors.ts";
import * as lenient from "./lenient.ts";
import { LIMITS } from "./limits.ts";
import type { FileContent, MessageContent } from "./outbound.ts";
import type { Recipient } from "./recipient.ts";

/** Where the gateway is, and how many more sessions it lets us begin. */
export interface Gateway {
  readonly url: string;
  /** Absent where the platform does not tell. */
  readonly remaining?: number | undefined;
  readonly resetAfterMs?: number | undefined;
}

/** What makes a message a reply: the message that is answered, and the how manieth answer this is. The pair is taken once. */
export interface Ticket {
  readonly messageId: string;
  readonly sequence: number;
}

/** A message that the platform has taken. */
export interface SentMessage {
  /** Absent while it waits for an audit. */
  readonly id?: string | undefined;
  /** By which somebody may quote it. */
  readonly quoteId?: string | undefined;
}

/** A file at the platform. */
export interface UploadedFile {
  /** Goes into a message. */
  readonly fileInfo: string;
  /** How long it can be used; zero: for ever. Absent where the platform does not tell. */
  readonly ttlMs?: number;
}

/** The HTTP calls of one bot. A token that is no longer good is replaced once; nothing else is repeated. */
export interface QqApi {
  getGateway(signal: AbortSignal): Promise<Gateway>;
  /** Without a ticket the message answers nothing. @throws UnknownOutcomeError when it may have been delivered. */
  sendMessage(to: Recipient, message: { readonly content: MessageContent; readonly ticket?: Ticket | undefined }, signal?: AbortSignal): Promise<SentMessage>;
  /** Nobody sees an upload. */
  uploadFile(to: Recipient, file: FileContent, signal?: AbortSignal): Promise<UploadedFile>;
}

const gatewaySchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ url: v.string(), session_start_limit: v.pipe(lenient.record, v.object({ remaining: lenient.number, reset_after: lenient.number })) }),
);
const sentSchema = v.pipe(v.string(), v.parseJson(), v.object({ id: lenient.id, ext_info: v.pipe(lenient.record, v.object({ ref_idx: lenient.id })) }));
const uploadedSchema = v.pipe(v.string(), v.parseJson(), v.object({ file_info: v.string(), ttl: lenient.number }));

/** The API, with `tokens` for its calls. */
export function createQqApi(calls: Pick<Calls, "request">, tokens: TokenSource): QqApi {
  /** Makes a call and gives its answer whatever it says, but that the token is no good. */
  function ask(action: Action, { method, path, ...call }: HttpCall & { readonly method: "GET" | "POST"; readonly path: string }): Promise<QqAnswer> {
    const { signal } = call;
    const source = { get: () => tokens.get(signal), invalidate: (value: string) => tokens.invalidate(value) };
    const attempt = async (token: string): Promise<QqAnswer> => {
      const answer = await calls.request(method, path, { ...call, headers: { authorization: `QQBot ${token}` } });
      if (answer.status === 200 && (outcomeOf(answer.body).code ?? 0) === 0) return answer;
      const error = failureOf(action, answer);
      if (isStaleToken(error)) throw error;
      return answer;
    };
    return withToken(source, attempt, isStaleToken);
  }

  return {
    async getGateway(signal) {
      let answer = await ask(ACTIONS.gateway, { method: "GET", path: "gateway/bot", signal });
      if (answer.status === 404 || answer.status === 403) answer = await ask(ACTIONS.gateway, { method: "GET", path: "gateway", signal });
      const gateway = v.safeParse(gatewaySchema, requireSuccess(ACTIONS.gateway, answer));
      if (!gateway.success) throw new ProtocolError("Missing gateway URL in QQ response", { channel: answer.channel, excerpt: excerpt(answer.body, 80) });
      const { url, session_start_limit: limit } = gateway.output;
      return { url, remaining: limit.remaining, resetAfterMs: limit.reset_after };
    },
    async sendMessage(to, { content, ticket }, signal) {
      const action = content.msg_type === 7 ? ACTIONS.mediaMessage : ACTIONS.message;
      const json = { ...content, ...(ticket && { msg_id: ticket.messageId, msg_seq: ticket.sequence }) };
      const answer = await ask(action, { method: "POST", path: pathOf(to, "messages"), json, ...(signal && { signal }) });
      const body = requireSuccess(action, answer);
      if (body.trim() === "") return {};
      const sent = v.safeParse(sentSchema, body);
      if (!sent.success) throw new UnknownOutcomeError(`${action.failure} (${answer.statusLine}): its answer cannot be read`, { channel: answer.channel });
      return { id: sent.output.id, quoteId: sent.output.ext_info.ref_idx };
    },
    async uploadFile(to, json, signal) {
      const call = { method: "POST" as const, path: pathOf(to, "files"), json, timeoutMs: LIMITS.uploadTimeoutMs, ...(signal && { signal }) };
      const answer = await ask(ACTIONS.upload, call).catch(rethrowHarmless);
      const uploaded = v.safeParse(uploadedSchema, requireSuccess(ACTIONS.upload, answer));
      if (!uploaded.success) throw new ProtocolError(`${ACTIONS.upload.failure}: no file_info in its answer`, { channel: answer.channel, excerpt: excerpt(answer.body, 80) });
      const { file_info: fileInfo, ttl } = uploaded.output;
      return { fileInfo, ...(ttl !== undefined && { ttlMs: ttl * 1000 }) };
    },
  };
}

function pathOf({ scene, openid }: Recipient, call: "messages" | "files"): string {
  return `v2/${scene}s/${encodeURIComponent(openid)}/${call}`;
}
