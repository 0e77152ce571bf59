import { createTokenSource, isChannelError, type ChannelContext, type Token, type TokenSource } from "@revka/core";
import * as v from "valibot";
import type { Calls } from "./calls.ts";
import { rethrowHarmless, tokenError } from "./errors.ts";
import * as lenient from "./lenient.ts";
import { LIMITS } from "./limits.ts";

const tokenSchema = v.pipe(v.string(), v.parseJson(), v.object({ access_token: lenient.id, expires_in: lenient.number }));

/**
 * The access tokens of one bot. After refused credentials, or too many requests, the platform is left alone for a minute.
 */
export function createQqTokens(calls: Pick<Calls, "requestToken" | "hide">, { clock, random, onTokenRefresh }: Pick<ChannelContext, "clock" | "random" | "onTokenRefresh">): TokenSource {
  let rest: { readonly error: unknown; readonly until: number } | undefined;

  async function ask(signal: AbortSignal): Promise<Token> {
    const askedAt = clock.now();
    const answer = await calls.requestToken(signal).catch(rethrowHarmless);
    const token = v.safeParse(tokenSchema, answer.rawBody);
    const value = token.success ? token.output.access_token : undefined;
    if (answer.status !== 200 || value === undefined) throw tokenError(answer);
    calls.hide(value);
    return { value, expiresAt: askedAt + lifeMs(token.success ? token.output.expires_in : undefined) };
  }

  return createTokenSource({
    async fetch(signal) {
      if (rest !== undefined && clock.monotonic() < rest.until) throw rest.error;
      try {
        return await ask(signal);
      } catch (error) {
        const needsRest = isChannelError(error) && (error.code === "auth" || error.code === "rate-limit");
        if (needsRest) rest = { error, until: clock.monotonic() + LIMITS.pauseMs };
        throw error;
      }
    },
    clock,
    random,
    onRefresh: onTokenRefresh,
    refreshBeforeMs: LIMITS.tokenRefreshBeforeMs,
  });
}

/** Seconds, as a number or in digits. */
function lifeMs(seconds: number | undefined): number {
  return seconds === undefined || seconds <= 0 ? LIMITS.tokenDoubtfulLifeMs : Math.min(seconds * 1000, LIMITS.tokenLifeMs);
}
