import { createTokenSource, type ChannelContext, type TokenSource } from "@revka/core";
import type { DingtalkApi } from "./api.ts";
import { LIMITS } from "./limits.ts";

/** The access tokens of the API, for media and proactive sends; receiving and replying need none. */
export function createDingtalkTokens(api: Pick<DingtalkApi, "getAccessToken">, { clock, random, addSecret, onTokenRefresh }: ChannelContext): TokenSource {
  return createTokenSource({
    fetch: async (signal) => {
      const token = await api.getAccessToken(signal);
      addSecret(token.value);
      return token;
    },
    clock,
    random,
    onRefresh: onTokenRefresh,
    refreshBeforeMs: LIMITS.tokenRefreshBeforeMs,
  });
}
