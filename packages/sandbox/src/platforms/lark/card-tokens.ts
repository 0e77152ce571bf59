import { randomBytes } from "node:crypto";
import { setBounded } from "../../record/bounded-map.ts";
import { LIMITS } from "./limits.ts";

/** The tokens that come with clicks on cards, by which the card can be updated later. */
export interface CardTokens {
  /** A new `c-…` for a click on the card of a message. */
  issue(messageId: string): string;
  /** Says that the click was answered: only then the card can be updated. */
  answered(token: string): void;
  /** Uses the token once; `undefined` when it is of no answered click, too old, or used up. */
  use(token: string): string | undefined;
  clear(): void;
}

interface Click {
  readonly messageId: string;
  readonly at: number;
  readonly isAnswered: boolean;
  readonly uses: number;
}

/** Creates {@link CardTokens} without any. */
export function createCardTokens(now: () => number): CardTokens {
  const clicks = new Map<string, Click>();
  return {
    issue: (messageId) => {
      const token = `c-${randomBytes(20).toString("hex")}`;
      setBounded(clicks, [token, { messageId, at: now(), isAnswered: false, uses: 0 }], LIMITS.keptCount);
      return token;
    },
    answered: (token) => {
      const click = clicks.get(token);
      if (click !== undefined) clicks.set(token, { ...click, isAnswered: true });
    },
    use: (token) => {
      const click = clicks.get(token);
      const isGood = click?.isAnswered === true && click.uses < LIMITS.cardTokenUses && now() - click.at < LIMITS.cardTokenLifeMs;
      if (!isGood) return undefined;
      clicks.set(token, { ...click, uses: click.uses + 1 });
      return click.messageId;
    },
    clear: () => clicks.clear(),
  };
}
