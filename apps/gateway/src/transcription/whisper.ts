import {
  AuthError, createHttp, excerpt, isChannelError, PlatformError, ProtocolError, RateLimitError, TransientError,
  type ChannelContext, type Clock, type HttpReply, type MediaBytes,
} from "@revka/core";
import * as v from "valibot";
import type { TranscriptionSettings } from "../config/settings.ts";
import { audioFileName } from "./audio-file.ts";
import type { Transcriber } from "./transcriber.ts";

const LIMITS = {
  /** The answer is a text of at most an hour or so. */
  answerBytes: 1_048_576,
  retryMs: 1_000,
  /** A provider that asks for a longer wait is not asked again: somebody waits for an answer. */
  maxRetryMs: 10_000,
} as const;

const answerSchema = v.object({ text: v.string() });

/**
 * A client of the Whisper API, as Groq, OpenAI and servers of one's own have it.
 * @param contextOf - gives the HTTP client its proxy decision, for the service `transcription.<provider>`.
 */
export function createWhisper(settings: TranscriptionSettings, contextOf: (service: string) => ChannelContext): Transcriber {
  const { provider, url, apiKey, maxBytes, maxDurationMs, timeoutMs } = settings;
  const { origin, pathname } = new URL(url);
  const context = contextOf(`transcription.${provider}`);
  const http = createHttp(context, {
    baseUrl: origin,
    timeoutMs,
    maxBodyBytes: LIMITS.answerBytes,
    ...(apiKey !== undefined && { headers: { authorization: `Bearer ${apiKey}` } }),
  });

  async function ask(audio: MediaBytes, signal: AbortSignal): Promise<string> {
    const reply = await http.post(pathname, { body: formOf(audio, settings), signal });
    if (reply.status !== 200) throw errorOf(reply, provider);
    return textOf(reply, provider);
  }

  return {
    maxBytes,
    maxDurationMs,
    async transcribe(audio, signal) {
      try {
        return await ask(audio, signal);
      } catch (error) {
        await waitToRetry(error, context.clock, signal);
        return await ask(audio, signal);
      }
    },
  };
}

function formOf(audio: MediaBytes, { model, language, prompt }: TranscriptionSettings): FormData {
  const form = new FormData();
  form.set("file", new Blob([Uint8Array.from(audio.bytes)]), audioFileName(audio));
  form.set("response_format", "json");
  if (model !== undefined) form.set("model", model);
  if (language !== undefined) form.set("language", language);
  if (prompt !== undefined) form.set("prompt", prompt);
  return form;
}

function textOf(reply: HttpReply, provider: string): string {
  const answer = v.safeParse(v.pipe(v.string(), v.parseJson(), answerSchema), reply.text());
  if (!answer.success) throw new ProtocolError(`${provider} gave no transcript`, { excerpt: excerpt(reply.text()) });
  const text = answer.output.text.trim();
  if (text === "") throw new ProtocolError(`${provider} heard nothing`, { excerpt: "" });
  return text;
}

function errorOf({ status, statusLine, headers }: HttpReply, provider: string): Error {
  const message = `${provider} answered ${statusLine}`;
  if (status === 401 || status === 403) return new AuthError(message);
  if (status === 429) return new RateLimitError(message, { retryAfterMs: Number(headers.get("retry-after") ?? 0) * 1000 || LIMITS.retryMs });
  if (status >= 500) return new TransientError(message, { status });
  return new PlatformError(message, { platformCode: String(status), platformMessage: statusLine });
}

/**
 * Waits before the only repetition, which a provider gets that is busy.
 * @throws `error` when a repetition would not help.
 */
async function waitToRetry(error: unknown, clock: Clock, signal: AbortSignal): Promise<void> {
  const isBusy = isChannelError(error) && (error.code === "rate-limit" || (error.code === "transient" && error.status !== undefined));
  const waitMs = isBusy && error.code === "rate-limit" ? error.retryAfterMs : LIMITS.retryMs;
  if (!isBusy || waitMs > LIMITS.maxRetryMs) throw error;
  await clock.sleep(waitMs, signal);
}
