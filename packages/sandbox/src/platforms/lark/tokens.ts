import { randomBytes } from "node:crypto";
import { setBounded } from "../../record/bounded-map.ts";
import type { LarkBehaviour } from "./behaviour.ts";
import { LIMITS } from "./limits.ts";

/** A tenant access token as it is given out. */
export interface IssuedToken {
  readonly token: string;
  /** Whole seconds that it has left. */
  readonly expireSecs: number;
}

/** The app's tenant access tokens: for a while there may be two good ones. */
export interface Tokens {
  /** Gives the newest token again while it has half an hour left, else another one beside it. */
  issue(): IssuedToken;
  isGood(token: string): boolean;
  /** Makes every token bad before its time. */
  revoke(): void;
}

/** Creates {@link Tokens} without a token. */
export function createTokens(now: () => number, behaviour: () => LarkBehaviour): Tokens {
  const expiries = new Map<string, number>();
  const left = (token: string): number => (expiries.get(token) ?? 0) - now();

  return {
    issue: () => {
      const newest = [...expiries.keys()].at(-1);
      const isKept = newest !== undefined && left(newest) >= LIMITS.tokenRenewalMs;
      const token = isKept ? newest : `t-${randomBytes(16).toString("hex")}`;
      if (!isKept) setBounded(expiries, [token, now() + behaviour().tokenLifeMs], LIMITS.keptCount);
      return { token, expireSecs: Math.floor(left(token) / 1_000) };
    },
    isGood: (token) => left(token) > 0,
    revoke: () => expiries.clear(),
  };
}
