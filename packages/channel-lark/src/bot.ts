import { createTokenSource, ProtocolError, type ChannelContext } from "@revka/core";
import * as v from "valibot";
import type { LarkApi } from "./api.ts";
import type { LarkSettings } from "./config.ts";
import { LIMITS } from "./limits.ts";

/** Who the bot itself is. */
export interface BotIdentity {
  /** Its open id; undefined while the platform has not told it. Asks at most once at a time, and seldom after failures. */
  openId(signal?: AbortSignal): Promise<string | undefined>;
}

/** What finding out needs. */
export interface BotMeans {
  readonly settings: Pick<LarkSettings, "mentionOnly">;
  readonly context: ChannelContext;
  readonly api: Pick<LarkApi, "call">;
}

const infoSchema = v.object({ open_id: v.pipe(v.string(), v.nonEmpty()) });
const answerSchema = v.union([
  v.pipe(v.object({ bot: infoSchema }), v.transform(({ bot }) => bot.open_id)),
  v.pipe(infoSchema, v.transform((bot) => bot.open_id)),
]);

/** The bot of one app. It is asked for when it is needed, and not again once it is known. */
export function createBot({ settings: { mentionOnly }, context, api }: BotMeans): BotIdentity {
  const { instance: channel, clock, random, logger } = context;
  const consequence = mentionOnly ? "; mention_only group messages will be ignored" : "";

  async function ask(signal: AbortSignal): Promise<string> {
    const answer = await api.call("GET", "bot/v3/info", { signal, timeoutMs: LIMITS.botTimeoutMs });
    const openId = v.safeParse(answerSchema, answer);
    if (openId.success) return openId.output;
    throw new ProtocolError("Lark: bot open_id missing from /bot/v3/info response", { channel, excerpt: "" });
  }
  // One question at a time, its answer kept and its failures spaced out: as for a token, only that this one never ends.
  const source = createTokenSource({
    async fetch(signal) {
      try {
        const value = await ask(signal);
        logger.info({ channel }, `Lark: resolved bot open_id: ${value}`);
        return { value, expiresAt: Infinity };
      } catch (error) {
        if (!signal.aborted) logger[mentionOnly ? "warn" : "debug"]({ channel }, sentenceOf(error) + consequence);
        throw error;
      }
    },
    clock,
    random,
    refreshBeforeMs: 0,
    backoff: { baseMs: LIMITS.botBackoffBaseMs, maxMs: LIMITS.botBackoffMaxMs, jitter: 0.2 },
  });
  return { openId: (signal) => source.get(signal).catch(() => undefined) };
}

function sentenceOf(error: unknown): string {
  return error instanceof ProtocolError ? error.message : `Lark: failed to resolve bot open_id: ${error instanceof Error ? error.message : String(error)}`;
}
