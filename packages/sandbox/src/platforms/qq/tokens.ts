import { randomUUID } from "node:crypto";
import { setBounded } from "../../record/bounded-map.ts";
import type { QqBehaviour } from "./behaviour.ts";

/** How many tokens are remembered; those that are older have long expired. */
const KEPT_COUNT = 100;

/** An access token that was given out. */
export interface IssuedToken {
  readonly value: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** The bot's access tokens: the last one and, while they live, those before it. */
export interface Tokens {
  /** Gives the token: the same one until shortly before its end. */
  issue(): IssuedToken;
  isGood(token: string): boolean;
  /** Makes every token bad before its time. */
  revoke(): void;
}

/** Creates {@link Tokens} without a token. */
export function createTokens(now: () => number, behaviour: () => QqBehaviour): Tokens {
  const expiries = new Map<string, number>();
  let current: IssuedToken | undefined;

  function isFresh({ expiresAt }: IssuedToken): boolean {
    const remainingMs = expiresAt - now();
    return remainingMs > 0 && remainingMs >= behaviour().renewWithinMs;
  }

  return {
    issue: () => {
      if (current !== undefined && isFresh(current)) return current;
      current = { value: `tk-${randomUUID()}`, expiresAt: now() + behaviour().tokenLifeMs };
      setBounded(expiries, [current.value, current.expiresAt], KEPT_COUNT);
      return current;
    },
    isGood: (token) => now() < (expiries.get(token) ?? -Infinity),
    revoke: () => {
      current = undefined;
      expiries.clear();
    },
  };
}
