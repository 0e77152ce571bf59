import { isChannelError, type Clock } from "@revka/core";
import type { CardKit, Change } from "./card-kit.ts";
import { LIMITS } from "./limits.ts";
import { codeOf } from "./platform-codes.ts";

/** A card whose text changes while people watch. */
export interface LiveCard {
  readonly cardId: string;
  /** What it shows now. */
  readonly shown: string;
  /** Shows another text. */
  show(markdown: string, signal?: AbortSignal): Promise<void>;
  /** Shows its last text; the card grows no more. */
  settle(markdown: string): Promise<void>;
}

/** What changing a card needs. */
export interface LiveCardMeans {
  readonly kit: CardKit;
  readonly clock: Clock;
}

/** The growing was ended, by the platform's ten minutes or by somebody else. */
const ENDED: ReadonlySet<string | undefined> = new Set(["200850", "300309"]);

const TOO_LOW = "300317";

/** Somebody uses the card, it is not there yet, or the platform stumbled. */
const PASSING: ReadonlySet<string | undefined> = new Set(["200810", "300313", "300120"]);

/** After a sequence that was too low, nobody knows by how much. */
const SEQUENCE_JUMP = 1_000;

/** The changes of a card that was made with the text `made`. */
export function createLiveCard(cardId: string, made: string, { kit, clock }: LiveCardMeans): LiveCard {
  let shown = made;
  let sequence = 0;

  /** Each try has a sequence of its own: one that was lost on the way may have counted. */
  async function step(apply: (change: Change) => Promise<void>, signal?: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await apply({ sequence: ++sequence, signal });
        return;
      } catch (error) {
        if (attempt >= LIMITS.cardTries) throw error;
        await mend(error, signal);
      }
    }
  }
  /** @throws the error where nothing can be done about it. */
  async function mend(error: unknown, signal: AbortSignal | undefined): Promise<void> {
    const code = codeOf(error);
    const pauseMs = pauseAfter(error);
    if (code === TOO_LOW) sequence += SEQUENCE_JUMP;
    else if (ENDED.has(code)) await kit.resume(cardId, { sequence: ++sequence, signal });
    else if (pauseMs !== undefined) await clock.sleep(pauseMs, signal);
    else throw error;
  }
  async function show(markdown: string, signal?: AbortSignal): Promise<void> {
    await step((change) => kit.grow(cardId, markdown, change), signal);
    shown = markdown;
  }

  return {
    cardId,
    get shown() {
      return shown;
    },
    show,
    async settle(markdown) {
      try {
        if (markdown !== shown) await show(markdown);
        await step((change) => kit.settle(cardId, previewOf(markdown), change));
      } catch (error) {
        if (!isChannelError(error)) throw error;
        await step((change) => kit.replace(cardId, markdown, change));
        shown = markdown;
      }
    },
  };
}

function pauseAfter(error: unknown): number | undefined {
  if (!isChannelError(error)) return undefined;
  if (error.code === "rate-limit") return error.retryAfterMs <= LIMITS.sendPatienceMs ? error.retryAfterMs : undefined;
  return error.code === "transient" || error.code === "unknown-outcome" || PASSING.has(codeOf(error)) ? LIMITS.cardRetryMs : undefined;
}

/** What the list of chats shows of a text. */
function previewOf(markdown: string): string {
  const words = markdown.replaceAll(/[#*`>|~]+/g, " ").replaceAll(/\s+/g, " ").trim();
  return words.slice(0, 80).replace(/[\ud800-\udbff]$/, "");
}
