import { randomUUID } from "node:crypto";
import type { DingtalkBehaviour } from "./behaviour.ts";

/** The app's access token: one at a time. */
export interface Tokens {
  /** Gives the token, the same one while it lives, and renews its life. */
  issue(): string;
  isGood(token: string): boolean;
  /** Makes the token bad before its time. */
  revoke(): void;
}

/** Creates {@link Tokens} without a token. */
export function createTokens(now: () => number, behaviour: () => DingtalkBehaviour): Tokens {
  let current: { readonly value: string; readonly renewedAt: number } | undefined;

  function isGood(token: string): boolean {
    return current?.value === token && now() - current.renewedAt < behaviour().tokenLifeMs;
  }

  return {
    issue: () => {
      const value = current !== undefined && isGood(current.value) ? current.value : randomUUID().replaceAll("-", "");
      current = { value, renewedAt: now() };
      return value;
    },
    isGood,
    revoke: () => (current = undefined),
  };
}
