import { AuthError, createHttp, excerpt, isChannelError, PlatformError, ProtocolError, RateLimitError, TransientError } from "@revka/core";
import type { ChannelContext, ChannelError, HealthReport, HttpReply, SendReceipt } from "@revka/core";

/** The calls of a Pigeon server. */
export interface PigeonApi {
  /** What is not acknowledged yet; unread: each may be anything. */
  events(signal: AbortSignal): Promise<readonly unknown[]>;
  acknowledge(id: string, signal: AbortSignal): Promise<void>;
  say(user: string, text: string, signal?: AbortSignal): Promise<SendReceipt>;
  checkHealth(signal?: AbortSignal): Promise<HealthReport>;
}

/** The calls, over the one HTTP client that has proxies, bounds and clear outcomes. */
export function createPigeonApi({ url, token }: { readonly url: string; readonly token: string }, context: ChannelContext): PigeonApi {
  const { instance: channel, clock } = context;
  const http = createHttp(context, { baseUrl: url, headers: { authorization: `Bearer ${token}` } });

  async function call(method: "GET" | "POST", path: string, { json, signal }: { json?: unknown; signal?: AbortSignal | undefined }): Promise<object> {
    const reply = await http.request(method, path, { ...(json !== undefined && { json }), ...(signal !== undefined && { signal }) });
    if (reply.status !== 200) throw errorOf(reply, channel);
    return readObject(reply, channel);
  }

  return {
    async events(signal) {
      const answer = await call("GET", "/events", { signal });
      const events: unknown = "events" in answer ? answer.events : undefined;
      return Array.isArray(events) ? (events as readonly unknown[]) : [];
    },
    async acknowledge(id, signal) {
      await call("POST", "/ack", { json: { id }, signal });
    },
    async say(user, text, signal) {
      const answer = await call("POST", "/say", { json: { to: user, text }, signal });
      return { messageIds: "id" in answer && typeof answer.id === "string" ? [answer.id] : [] };
    },
    async checkHealth(signal) {
      const startedAt = clock.monotonic();
      try {
        await call("GET", "/health", { signal });
        return { ok: true, latencyMs: clock.monotonic() - startedAt };
      } catch (error) {
        if (!isChannelError(error)) throw error;
        return { ok: false, latencyMs: clock.monotonic() - startedAt, detail: error.message };
      }
    },
  };
}

/** Callers decide by the class: tell the operator, wait, try again, or give up. */
function errorOf({ status, statusLine, headers }: HttpReply, channel: string): ChannelError {
  const text = `Pigeon answered ${statusLine}`;
  if (status === 401) return new AuthError(text, { channel });
  if (status === 429) return new RateLimitError(text, { channel, retryAfterMs: Number(headers.get("retry-after") ?? 1) * 1_000 });
  if (status === 503) return new TransientError(text, { channel, status });
  return new PlatformError(text, { channel, platformCode: String(status), platformMessage: statusLine });
}

function readObject(reply: HttpReply, channel: string): object {
  try {
    const answer: unknown = JSON.parse(reply.text());
    if (typeof answer === "object" && answer !== null) return answer;
  } catch {
    // Said below.
  }
  throw new ProtocolError("Pigeon gave no readable answer", { channel, excerpt: excerpt(reply.text()) });
}
