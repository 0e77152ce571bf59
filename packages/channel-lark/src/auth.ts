import { createTokenSource, isChannelError, TransientError, type ChannelContext, type Token, type TokenSource } from "@revka/core";
import * as v from "valibot";
import { LIMITS } from "./limits.ts";

const tokenSchema = v.object({
  tenant_access_token: v.pipe(v.string(), v.nonEmpty()),
  expire: v.fallback(v.optional(v.number()), undefined),
  expires_in: v.fallback(v.optional(v.number()), undefined),
});

/** Reads the answer to a request for a token; undefined when it holds none. */
export function parseToken(answer: unknown, askedAt: number): Token | undefined {
  const parsed = v.safeParse(tokenSchema, answer);
  if (!parsed.success) return undefined;
  const { tenant_access_token: value, expire, expires_in: lifeSeconds = expire } = parsed.output;
  const lifeMs = lifeSeconds === undefined ? LIMITS.tokenLifeMs : Math.max(lifeSeconds * 1_000, LIMITS.tokenMinLifeMs);
  return { value, expiresAt: askedAt + lifeMs };
}

/** The app's `tenant_access_token`, for every call of the API; kept in memory and renewed two minutes before its end. */
export function createLarkTokens(fetch: (signal: AbortSignal) => Promise<Token>, { clock, random, addSecret, onTokenRefresh }: ChannelContext): TokenSource {
  return createTokenSource({
    fetch: async (signal) => {
      const token = await fetch(signal).catch(rethrowRepeatable);
      addSecret(token.value);
      return token;
    },
    clock,
    random,
    onRefresh: onTokenRefresh,
    refreshBeforeMs: LIMITS.tokenRefreshBeforeMs,
  });
}

/** Nobody knows what became of a request for a token, but it has certainly sent no message: who waits for it may try again. */
function rethrowRepeatable(error: unknown): never {
  if (isChannelError(error) && error.code === "unknown-outcome") {
    throw new TransientError(error.message, { cause: error, ...(error.channel !== undefined && { channel: error.channel }) });
  }
  throw error;
}
